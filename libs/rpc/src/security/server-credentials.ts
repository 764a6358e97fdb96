import * as grpc from '@grpc/grpc-js';
import { DomainError } from '@rookery/runtime';

import { isLoopback } from './loopback.js';
import { TlsServerCredentials } from './tls-credentials.js';
import type { TlsIdentity } from './tls-identity.js';

export interface ServerSecurity {
  /** With a certificate of its own. Where absent, the server speaks plaintext. */
  readonly tls?: TlsIdentity;
  /** Callers must show a certificate of the same authority. */
  readonly requiresClientCertificate: boolean;
  /** Plaintext on an address that other hosts reach. Loopback needs no leave. Default false. */
  readonly isPlaintextAllowed?: boolean;
}

/** Credentials for a server on `host`. Throws DomainError PLAINTEXT_REFUSED or TLS_NOT_CONFIGURED. */
export function serverCredentials(security: ServerSecurity, host: string): grpc.ServerCredentials {
  const { tls, requiresClientCertificate } = security;
  if (tls !== undefined) {
    if (tls.material.cert !== undefined) return new TlsServerCredentials(tls, requiresClientCertificate);
    throw new DomainError('TLS_NOT_CONFIGURED', 'a server needs a certificate', { kind: 'unavailable' });
  }
  if (security.isPlaintextAllowed === true || isLoopback(host)) return grpc.ServerCredentials.createInsecure();
  throw new DomainError('PLAINTEXT_REFUSED', `serving plaintext on ${host} is not allowed`, { kind: 'unavailable' });
}
