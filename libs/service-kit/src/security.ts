import type { ClientSecurity, ServerSecurity } from '@rookery/rpc';
import type { ServiceConfig } from './service.config.js';

function tlsFiles({ TLS_CERT_FILE, TLS_KEY_FILE, TLS_CA_FILE }: ServiceConfig, reloadEveryMs: number) {
  if (TLS_CERT_FILE === undefined || TLS_KEY_FILE === undefined || TLS_CA_FILE === undefined) return undefined;
  return { certFile: TLS_CERT_FILE, keyFile: TLS_KEY_FILE, caFile: TLS_CA_FILE, reloadEveryMs };
}

export function clientSecurity(config: ServiceConfig, reloadEveryMs: number): ClientSecurity {
  const tls = tlsFiles(config, reloadEveryMs);
  return { isPlaintextAllowed: config.ALLOW_PLAINTEXT, ...(tls === undefined ? {} : { tls }) };
}

export function serverSecurity(config: ServiceConfig, reloadEveryMs: number): ServerSecurity {
  const tls = tlsFiles(config, reloadEveryMs);
  return {
    requiresClientCertificate: config.TLS_REQUIRE_CLIENT_CERT,
    isPlaintextAllowed: config.ALLOW_PLAINTEXT,
    ...(tls === undefined ? {} : { tls }),
  };
}
