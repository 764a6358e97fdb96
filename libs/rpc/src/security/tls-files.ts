import { accessSync, constants } from 'node:fs';

import * as grpc from '@grpc/grpc-js';
import { DomainError } from '@rookery/runtime';

/** Where the TLS material stands. Files are read again when they change, without a restart. */
export interface TlsFiles {
  /** The authorities that are believed. */
  readonly caFile: string;
  /** Own certificate chain and key; on a client, for mutual TLS. */
  readonly certFile?: string;
  readonly keyFile?: string;
  /** How often the files are looked at. Default 10,000. */
  readonly reloadEveryMs?: number;
}

const RELOAD_EVERY_MS = 10_000;

/**
 * Follows the files of an identity. New connections use what the files held at the last look. Throws DomainError
 * TLS_FILE_UNREADABLE when one cannot be read now.
 */
export function watchFiles(files: TlsFiles): grpc.experimental.FileWatcherCertificateProvider {
  const { caFile, certFile, keyFile } = files;
  for (const file of [caFile, certFile, keyFile]) if (file !== undefined) mustBeReadable(file);
  return new grpc.experimental.FileWatcherCertificateProvider({
    caCertificateFile: caFile,
    ...(certFile === undefined ? {} : { certificateFile: certFile }),
    ...(keyFile === undefined ? {} : { privateKeyFile: keyFile }),
    refreshIntervalMs: files.reloadEveryMs ?? RELOAD_EVERY_MS,
  });
}

function mustBeReadable(file: string): void {
  try {
    accessSync(file, constants.R_OK);
  } catch (cause) {
    throw new DomainError('TLS_FILE_UNREADABLE', `${file} cannot be read`, { kind: 'failed-precondition', cause });
  }
}
