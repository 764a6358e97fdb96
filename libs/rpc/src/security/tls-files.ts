import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createSecureContext, type SecureContext } from 'node:tls';

/** Where the TLS material of a process stands, as PEM. */
export interface TlsFiles {
  /** The authorities that are believed. */
  readonly caFile: string;
  /** Own certificate chain and its key. A client without them shows no certificate; a server needs them. */
  readonly certFile?: string;
  readonly keyFile?: string;
}

/** What the files hold. */
export interface TlsMaterial {
  readonly ca: Buffer;
  readonly cert: Buffer | undefined;
  readonly key: Buffer | undefined;
  /** The same, as a client takes it. */
  readonly context: SecureContext;
  /** When the own certificate ends, epoch milliseconds. */
  readonly expiresAt: number | undefined;
}

/** Why the TLS files cannot be used. It names a path, so it is for the local log alone. */
export class TlsFileError extends Error {
  override readonly name = 'TlsFileError';

  constructor(
    readonly file: keyof TlsFiles,
    readonly path: string,
    readonly problem: string,
    cause?: unknown,
  ) {
    super(`${file} ${path} ${problem}`, { cause });
  }
}

/**
 * Reads the files and checks what a handshake would trip over: every certificate is whole and readable, and the key is that
 * of the certificate. Gives `known` where the files hold nothing else. Throws TlsFileError.
 */
export function readTlsFiles(files: TlsFiles, known?: TlsMaterial): TlsMaterial {
  const ca = read('caFile', files.caFile);
  const { certFile, keyFile } = files;
  if (certFile === undefined || keyFile === undefined) {
    return isSame(known, { ca }) ? known : checked(files, { ca }, undefined);
  }
  const found = { ca, cert: read('certFile', certFile), key: read('keyFile', keyFile) };
  if (isSame(known, found)) return known;
  const [own] = certificatesIn('certFile', certFile, found.cert);
  if (own?.checkPrivateKey(keyIn(keyFile, found.key)) !== true) {
    throw new TlsFileError('keyFile', keyFile, 'does not belong to the certificate');
  }
  return checked(files, found, own.validToDate.getTime());
}

interface Found {
  readonly ca: Buffer;
  readonly cert?: Buffer;
  readonly key?: Buffer;
}

function isSame(known: TlsMaterial | undefined, found: Found): known is TlsMaterial {
  const { ca, cert, key } = found;
  return known !== undefined && ca.equals(known.ca) && isEqual(cert, known.cert) && isEqual(key, known.key);
}

function isEqual(one: Buffer | undefined, other: Buffer | undefined): boolean {
  return one === undefined || other === undefined ? one === other : one.equals(other);
}

/** OpenSSL has the last word, such as on keys that are too short for it. */
function checked({ caFile, certFile }: TlsFiles, found: Found, expiresAt: number | undefined): TlsMaterial {
  const { ca, cert, key } = found;
  certificatesIn('caFile', caFile, ca);
  try {
    return { ca, cert, key, context: createSecureContext(found), expiresAt };
  } catch (cause) {
    throw new TlsFileError('certFile', certFile ?? caFile, 'cannot be used for TLS', cause);
  }
}

function read(file: keyof TlsFiles, path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new TlsFileError(file, path, 'cannot be read', cause);
  }
}

const BEGIN = /-----BEGIN [A-Z0-9 ]+-----/g;
const BLOCK = /-----BEGIN ([A-Z0-9 ]+)-----[^-]*-----END \1-----/g;

/** Node itself takes over what it can read of a list of authorities, and says nothing of the rest. */
function certificatesIn(file: keyof TlsFiles, path: string, pem: Buffer): readonly X509Certificate[] {
  const text = pem.toString('latin1');
  const blocks = [...text.matchAll(BLOCK)];
  if (blocks.length !== (text.match(BEGIN)?.length ?? 0)) throw new TlsFileError(file, path, 'is cut off');
  const certificates = blocks.filter(([, label]) => label?.endsWith('CERTIFICATE') === true);
  if (certificates.length === 0) throw new TlsFileError(file, path, 'holds no certificate in PEM');
  return certificates.map(([block]) => {
    try {
      return new X509Certificate(block);
    } catch (cause) {
      throw new TlsFileError(file, path, 'holds a certificate that cannot be read', cause);
    }
  });
}

function keyIn(path: string, pem: Buffer): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch (cause) {
    throw new TlsFileError('keyFile', path, 'holds no private key in PEM without a passphrase', cause);
  }
}
