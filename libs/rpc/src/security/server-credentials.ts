import * as grpc from '@grpc/grpc-js';
import { DomainError } from '@rookery/runtime';

import { isLoopback } from './loopback.js';
import { type TlsFiles, watchFiles } from './tls-files.js';

export interface ServerSecurity {
  /** Where absent, the server speaks plaintext. */
  readonly tls?: TlsFiles & { readonly certFile: string; readonly keyFile: string };
  /** Callers must show a certificate of the same authority. */
  readonly requiresClientCertificate: boolean;
  /** Plaintext on an address that other hosts reach. Loopback needs no leave. Default false. */
  readonly isPlaintextAllowed?: boolean;
}

/**
 * Credentials for a server on `host`; its certificate is read again when its files change. Throws DomainError
 * PLAINTEXT_REFUSED or TLS_FILE_UNREADABLE.
 */
export function serverCredentials(security: ServerSecurity, host: string): grpc.ServerCredentials {
  if (security.tls !== undefined) {
    const provider = watchFiles(security.tls);
    return grpc.experimental.createCertificateProviderServerCredentials(
      provider,
      provider,
      security.requiresClientCertificate,
    );
  }
  if (security.isPlaintextAllowed === true || isLoopback(host)) return grpc.ServerCredentials.createInsecure();
  throw new DomainError('PLAINTEXT_REFUSED', `serving plaintext on ${host} is not allowed`, { kind: 'unavailable' });
}
