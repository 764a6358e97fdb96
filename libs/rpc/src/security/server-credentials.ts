import * as grpc from '@grpc/grpc-js';

import { type TlsFiles, watchFiles } from './tls-files.js';

export interface ServerSecurity {
  /** Where absent, the server speaks plaintext. */
  readonly tls?: TlsFiles & { readonly certFile: string; readonly keyFile: string };
  /** Callers must show a certificate of the same authority. */
  readonly requiresClientCertificate: boolean;
}

/** Credentials for a server; its certificate is read again when its files change. */
export function serverCredentials(security: ServerSecurity): grpc.ServerCredentials {
  if (security.tls === undefined) return grpc.ServerCredentials.createInsecure();
  const provider = watchFiles(security.tls);
  return grpc.experimental.createCertificateProviderServerCredentials(
    provider,
    provider,
    security.requiresClientCertificate,
  );
}
