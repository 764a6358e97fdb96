import { type ClientSecurity, type ServerSecurity, TlsIdentity } from '@rookery/rpc';
import type { Scheduler } from '@rookery/runtime';
import type { Telemetry } from '@rookery/telemetry';
import type { ServiceConfig } from './service.config.js';

/** The TLS of a whole process, both ways and on both ports; undefined where it speaks plaintext. */
export function tlsIdentity(
  config: ServiceConfig,
  { logger, metrics }: Telemetry,
  scheduler: Scheduler,
  lookEveryMs: number | undefined,
): TlsIdentity | undefined {
  const { TLS_CERT_FILE: certFile, TLS_KEY_FILE: keyFile, TLS_CA_FILE: caFile } = config;
  if (certFile === undefined || keyFile === undefined || caFile === undefined) return undefined;
  const identity = new TlsIdentity({
    files: { certFile, keyFile, caFile },
    scheduler,
    ...(lookEveryMs === undefined ? {} : { lookEveryMs }),
    onRenewed: ({ expiresAt = 0 }) =>
      logger.info(
        { event: 'tls.renewed', expires: new Date(expiresAt).toISOString() },
        'new connections use the new TLS files',
      ),
    onRefused: (error) =>
      logger.warn({ event: 'tls.refused', err: error }, 'the new TLS files cannot be used; the old stay in use'),
  });
  metrics.registerGauge({
    name: 'rookery_tls_certificate_end_seconds',
    help: 'When the certificate in use ends, in seconds since the Unix epoch.',
    read: () => (identity.material.expiresAt ?? 0) / 1000,
  });
  metrics.registerGauge({
    name: 'rookery_tls_files_refused',
    help: '1 while the TLS files hold something that cannot be used, and what they held before is in use; else 0.',
    read: () => (identity.isRefusing ? 1 : 0),
  });
  return identity;
}

export function clientSecurity(config: ServiceConfig, tls: TlsIdentity | undefined): ClientSecurity {
  return { isPlaintextAllowed: config.ALLOW_PLAINTEXT, ...(tls === undefined ? {} : { tls }) };
}

export function serverSecurity(config: ServiceConfig, tls: TlsIdentity | undefined): ServerSecurity {
  return { ...clientSecurity(config, tls), requiresClientCertificate: config.TLS_REQUIRE_CLIENT_CERT };
}
