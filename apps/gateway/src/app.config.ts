import { setting, settings } from '@rookery/service-kit';

/** What the gateway can be told beyond what every service is. */
export class GatewayConfig extends settings({
  GATEWAY_HOST: setting.text({
    meaning: 'The local address of the public listener. Set 0.0.0.0 only behind something that ends TLS.',
    default: '127.0.0.1',
  }),
  GATEWAY_PORT: setting.integer({
    meaning: 'The port of the public listener; 0 takes a free one.',
    default: 8080,
    min: 0,
    max: 65_535,
  }),
  GATEWAY_MAX_TIMEOUT_MS: setting.integer({
    meaning: 'The longest a provider may take, also where the caller names no timeout; not for streams.',
    default: 10_000,
    min: 10,
    max: 600_000,
  }),
  GATEWAY_MAX_STREAM_MS: setting.integer({
    meaning: 'The longest that a stream stays open; then its client is told to come back.',
    default: 3_600_000,
    min: 1000,
    max: 86_400_000,
  }),
  GATEWAY_MAX_STREAMS: setting.integer({
    meaning: 'Streams open at once; a further one is answered 503.',
    default: 5000,
    min: 1,
    max: 1_000_000,
  }),
  GATEWAY_MAX_STREAMS_PER_CALLER: setting.integer({
    meaning: "Streams open at once for one token's subject; a further one is answered 429.",
    default: 100,
    min: 1,
    max: 1_000_000,
  }),
  GATEWAY_BODY_LIMIT: setting.integer({
    meaning: 'Bytes of a request body; a larger one is answered 413.',
    default: 1_048_576,
    min: 1024,
    max: 16_777_216,
  }),
  GATEWAY_HEADER_LIMIT: setting.integer({
    meaning: 'Bytes of all headers of a request; more are answered 431.',
    default: 16_384,
    min: 4096,
    max: 262_144,
  }),
  GATEWAY_MAX_CONNECTIONS: setting.integer({
    meaning: 'Connections at once; further ones are closed.',
    default: 10_000,
    min: 1,
    max: 1_000_000,
  }),
  GATEWAY_REQUEST_MS: setting.integer({
    meaning:
      'How long a client may take to send a request, headers and body; after that it is answered 408. Headers alone have at most 10 s of it.',
    default: 30_000,
    min: 100,
    max: 600_000,
  }),
  GATEWAY_KEEP_ALIVE_MS: setting.integer({
    meaning:
      'How long a connection may stay without a request. Longer than the idle timeout of a proxy in front of it.',
    default: 65_000,
    min: 1000,
    max: 600_000,
  }),
  GATEWAY_LINGER_MS: setting.integer({
    meaning:
      "How long a provider's routes answer 503 after its last instance has gone, before they answer 404; and all unknown paths while a provider's contract cannot be read.",
    default: 600_000,
    min: 0,
    max: 3_600_000,
  }),
  GATEWAY_ACCESS_LOG: setting.oneOf(['off', 'problems', 'all'], {
    meaning:
      'Which requests are logged: none but what the gateway itself did wrong; those that failed with 5xx or were slow, at most 20 in a second; all.',
    default: 'problems',
  }),
  GATEWAY_SLOW_MS: setting.integer({
    meaning: 'From this long on a request counts as slow.',
    default: 500,
    min: 1,
    max: 600_000,
  }),
}) {}
