import * as grpc from '@grpc/grpc-js';

/** Where the TLS material stands. Files are read again when they change, without a restart. */
export interface TlsFiles {
  /** The authorities that are believed. */
  readonly caFile: string;
  /** Own certificate chain and key; on a client, for mutual TLS. */
  readonly certFile?: string;
  readonly keyFile?: string;
}

const REFRESH_EVERY_MS = 10_000;

/** Follows the files of an identity. New connections use what the files held at the last look, at most 10 s ago. */
export function watchFiles(files: TlsFiles): grpc.experimental.FileWatcherCertificateProvider {
  return new grpc.experimental.FileWatcherCertificateProvider({
    caCertificateFile: files.caFile,
    ...(files.certFile === undefined ? {} : { certificateFile: files.certFile }),
    ...(files.keyFile === undefined ? {} : { privateKeyFile: files.keyFile }),
    refreshIntervalMs: REFRESH_EVERY_MS,
  });
}
