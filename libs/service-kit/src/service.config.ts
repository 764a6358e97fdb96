import { toInstances } from '@rookery/discovery';
import { isLoopback } from '@rookery/rpc';
import { hostProblem } from './host-check.js';
import { setting, settings, type SettingsValues } from './settings.js';
import { tlsProblem } from './tls-check.js';

/** The `iss` of the tokens for trying out. */
const DEV_ISSUER = 'rookery-dev-issuer';

const NAME = /^[a-z][a-z0-9-]{0,62}$/;

const identity = {
  SERVICE_NAME: setting.text({
    meaning:
      "Must equal the name in the app's module when it is given; containers set it from their own label, so that a copied manifest cannot run under a wrong name.",
    pattern: NAME,
    allowed: 'lower-case letters, digits and dashes, a letter first, at most 63',
    isOptional: true,
  }),
  INSTANCE_ID: setting.text({
    meaning:
      'Unique in the registry and stable over a restart in place. Without it: the service name and eight random hexadecimal digits.',
    pattern: /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/,
    allowed: 'letters, digits, dots, dashes and underscores, a letter or digit first, at most 100',
    isOptional: true,
  }),
  SERVICE_VERSION: setting.text({
    meaning: 'The version that the registry, logs and the monitor show.',
    default: '0.1.0',
    pattern: /^[A-Za-z0-9][A-Za-z0-9.+_-]{0,63}$/,
    allowed: 'letters, digits, dots, plus, dashes and underscores, a letter or digit first, at most 64',
  }),
  ZONE: setting.text({
    meaning: 'The failure zone in which the instance runs.',
    default: 'local',
    pattern: /^[A-Za-z0-9._-]{1,64}$/,
    allowed: 'letters, digits, dots, dashes and underscores, at most 64',
  }),
  WEIGHT: setting.integer({ meaning: "The instance's relative share of traffic.", default: 100, min: 1, max: 65_535 }),
};

const network = {
  BIND_HOST: setting.text({ meaning: 'The local address that both ports are bound to.', default: '127.0.0.1' }),
  ADVERTISE_HOST: setting.host({
    meaning:
      'The address under which others reach the instance. Without it: BIND_HOST, or the first outside IPv4 address when that is a wildcard.',
    isOptional: true,
  }),
  GRPC_PORT: setting.integer({
    meaning: 'The port for gRPC and the link; 0 takes a free one.',
    default: 0,
    min: 0,
    max: 65_535,
  }),
  HTTP_PORT: setting.integer({
    meaning: "The port for /livez, /readyz, /metrics and the app's own HTTP controllers; 0 takes a free one.",
    default: 0,
    min: 0,
    max: 65_535,
  }),
  TLS_CERT_FILE: setting.file({
    meaning:
      'Certificate chain (PEM) of this instance; TLS is on when it is set. This file and the next two are followed: new content needs no restart.',
    isOptional: true,
  }),
  TLS_KEY_FILE: setting.file({ meaning: 'Private key (PEM) of the certificate.', isOptional: true }),
  TLS_CA_FILE: setting.file({
    meaning: 'Certificates (PEM) of the authorities that are believed, of peers and callers alike.',
    isOptional: true,
  }),
  TLS_REQUIRE_CLIENT_CERT: setting.flag({
    meaning: 'With TLS: callers over gRPC must show a certificate of TLS_CA_FILE (mutual TLS).',
    default: true,
  }),
  ALLOW_PLAINTEXT: setting.flag({
    meaning: 'Lets a port that others can reach speak without TLS. On loopback it is not needed.',
    default: false,
  }),
};

const registry = {
  REGISTRY: setting.oneOf(['consul', 'static'], {
    meaning: 'Where instances are registered and found.',
    default: 'consul',
  }),
  CONSUL_URL: setting.url({ meaning: 'The Consul agent, or the dev registry.', default: 'http://127.0.0.1:8500' }),
  CONSUL_TOKEN: setting.text({
    meaning: 'ACL token for Consul.',
    pattern: /^[\x21-\x7e]+$/,
    allowed: 'letters, digits and signs without a space or line break',
    isOptional: true,
    isSecret: true,
  }),
  CONSUL_CHECK: setting.oneOf(['ttl', 'grpc'], {
    meaning:
      'How Consul finds out whether the instance lives: it tells its agent three times in a TTL of 10 s, or the agent calls its gRPC health service, for which it must reach ADVERTISE_HOST.',
    default: 'ttl',
  }),
  CONSUL_CHECK_INTERVAL_MS: setting.integer({
    meaning: 'With CONSUL_CHECK=grpc: how often the agent calls.',
    default: 5000,
    min: 1000,
    max: 60_000,
  }),
  CONSUL_CHECK_TIMEOUT_MS: setting.integer({
    meaning: 'With CONSUL_CHECK=grpc: how long the agent waits for an answer.',
    default: 2000,
    min: 100,
    max: 60_000,
  }),
  CONSUL_CHECK_TLS_VERIFY: setting.flag({
    meaning: "With CONSUL_CHECK=grpc and TLS: whether the agent verifies the instance's certificate.",
    default: true,
  }),
  STATIC_INSTANCES: setting.text({
    meaning:
      'With REGISTRY=static: the known instances, as a JSON array such as `[{"id":"pricing-1","service":"pricing","endpoints":{"grpc":{"host":"127.0.0.1","port":3001}}}]`.',
    default: '[]',
    canBeEmpty: true,
  }),
  SNAPSHOT_DIR: setting.folder({
    meaning:
      'Folder for the last known answers of the registry, which a cold start uses while the registry is down, and in the monitor for its firing alarms. Without it nothing is kept on disk.',
    isOptional: true,
  }),
};

const trust = {
  AUTH_JWKS_URL: setting.url({
    meaning:
      'Public keys that tokens are verified with. A service with a method that asks for a scope does not start without it. Without an answer, the keys last read are good for an hour.',
    isOptional: true,
  }),
  AUTH_ISSUER: setting.text({ meaning: 'The `iss` that a token must carry.', default: DEV_ISSUER }),
  AUTH_AUDIENCE: setting.text({ meaning: 'The `aud` that a token must carry.', default: 'rookery' }),
};

const operation = {
  LOG_LEVEL: setting.oneOf(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], {
    meaning: 'The least severe log lines that are written.',
    default: 'info',
  }),
  CONCURRENCY_LIMIT: setting.integer({
    meaning: 'Calls handled at once; more are refused with RESOURCE_EXHAUSTED, and callers go elsewhere.',
    default: 1000,
    min: 1,
    max: 1_000_000,
  }),
  DRAIN_PROPAGATION_MS: setting.integer({
    meaning:
      'After deregistering: the longest wait for callers to notice. It ends early once no new call has come for half of it.',
    default: 1000,
    min: 0,
    max: 300_000,
  }),
  DRAIN_LIMIT_MS: setting.integer({
    meaning:
      'The whole stop may take this long; then the calls still running are cut and the exit code is 1. Below the 30 s that Kubernetes grants.',
    default: 25_000,
    min: 100,
    max: 600_000,
  }),
  REPORT_TO: setting.text({
    meaning: 'The service that takes the reports of this process each second; empty sends none.',
    default: 'monitor',
    canBeEmpty: true,
    pattern: /^([a-z][a-z0-9-]{0,62})?$/,
    allowed: 'the name of a service (lower-case letters, digits and dashes, a letter first) or nothing',
  }),
  NODE_ENV: setting.oneOf(['development', 'test', 'production'], {
    meaning: '`production` refuses what is only for trying out, such as fault injection.',
    default: 'development',
  }),
};

const faults = {
  FAULTS_ENABLED: setting.flag({
    meaning:
      'Fault injection: opens /faults on the HTTP port (loopback only) and obeys the two settings below. Refused in production.',
    default: false,
  }),
  FAULT_DELAY_MS: setting.integer({ meaning: 'Delay before each call is handled.', default: 0, min: 0, max: 60_000 }),
  FAULT_ERROR_RATE: setting.decimal({
    meaning: 'Share of calls answered UNAVAILABLE instead of being handled.',
    default: 0,
    min: 0,
    max: 1,
  }),
};

const shape = { ...identity, ...network, ...registry, ...trust, ...operation, ...faults };

/** What every service is told by its environment. Injectable. */
export class ServiceConfig extends settings(shape, contradictions) {}

function contradictions(values: SettingsValues<typeof shape>): readonly string[] {
  const host = hostProblem(values.BIND_HOST);
  return [
    ...(host === undefined ? [] : [host]),
    ...tlsProblems(values),
    ...registryProblems(values),
    ...trustProblems(values),
    ...faultProblems(values),
    ...numberProblems(values),
  ];
}

function numberProblems(values: SettingsValues<typeof shape>): readonly string[] {
  const { GRPC_PORT, HTTP_PORT, DRAIN_PROPAGATION_MS, DRAIN_LIMIT_MS } = values;
  const problems: string[] = [];
  if (GRPC_PORT !== 0 && GRPC_PORT === HTTP_PORT) {
    problems.push(`HTTP_PORT is "${HTTP_PORT}": it must be another port than GRPC_PORT.`);
  }
  if (DRAIN_PROPAGATION_MS >= DRAIN_LIMIT_MS) {
    problems.push(
      `DRAIN_PROPAGATION_MS is "${DRAIN_PROPAGATION_MS}": it must be less than DRAIN_LIMIT_MS, which is "${DRAIN_LIMIT_MS}".`,
    );
  }
  return problems;
}

function registryProblems(values: SettingsValues<typeof shape>): readonly string[] {
  try {
    toInstances(values.STATIC_INSTANCES);
    return [];
  } catch (error) {
    const text = values.STATIC_INSTANCES.slice(0, 200);
    const reason = error instanceof Error ? error.message : String(error);
    return [`STATIC_INSTANCES is ${JSON.stringify(text)}: it must be a JSON array of instances (${reason}).`];
  }
}

function trustProblems(values: SettingsValues<typeof shape>): readonly string[] {
  const { NODE_ENV, AUTH_ISSUER, AUTH_JWKS_URL } = values;
  if (NODE_ENV !== 'production' || AUTH_JWKS_URL === undefined || AUTH_ISSUER !== DEV_ISSUER) return [];
  return [`AUTH_ISSUER is "${DEV_ISSUER}": in production its tokens are refused, because anybody can get one.`];
}

function tlsProblems(values: SettingsValues<typeof shape>): readonly string[] {
  const { TLS_CERT_FILE, TLS_KEY_FILE, TLS_CA_FILE, BIND_HOST } = values;
  const problems: string[] = [];
  const given = [TLS_CERT_FILE, TLS_KEY_FILE, TLS_CA_FILE].filter((file) => file !== undefined);
  if (given.length === 1 || given.length === 2) {
    problems.push('TLS_CERT_FILE, TLS_KEY_FILE and TLS_CA_FILE belong together: set all or none.');
  }
  if (TLS_CERT_FILE !== undefined && TLS_KEY_FILE !== undefined && TLS_CA_FILE !== undefined) {
    const problem = tlsProblem({ certFile: TLS_CERT_FILE, keyFile: TLS_KEY_FILE, caFile: TLS_CA_FILE });
    if (problem !== undefined) problems.push(problem);
  }
  if (TLS_CERT_FILE === undefined && !isLoopback(BIND_HOST) && !values.ALLOW_PLAINTEXT) {
    problems.push(
      `BIND_HOST is ${JSON.stringify(BIND_HOST)}: without TLS the ports must be bound to loopback, because anybody on the ` +
        'network could read and forge the calls. Set TLS_CERT_FILE and TLS_KEY_FILE, or ALLOW_PLAINTEXT=true.',
    );
  }
  return problems;
}

function faultProblems(values: SettingsValues<typeof shape>): readonly string[] {
  const isAsked = values.FAULT_DELAY_MS > 0 || values.FAULT_ERROR_RATE > 0;
  if (values.FAULTS_ENABLED && values.NODE_ENV === 'production') {
    return ['FAULTS_ENABLED is "true": fault injection is refused when NODE_ENV is production.'];
  }
  if (values.FAULTS_ENABLED && !isLoopback(values.BIND_HOST)) {
    return [
      `FAULTS_ENABLED is "true": fault injection needs a loopback BIND_HOST, which is ${JSON.stringify(values.BIND_HOST)}.`,
    ];
  }
  if (isAsked && !values.FAULTS_ENABLED) return ['FAULT_DELAY_MS and FAULT_ERROR_RATE need FAULTS_ENABLED=true.'];
  return [];
}
