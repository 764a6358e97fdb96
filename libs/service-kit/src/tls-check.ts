import { readTlsFiles, TlsFileError, type TlsFiles } from '@rookery/rpc';

const SETTING_OF: Readonly<Record<keyof TlsFiles, string>> = {
  caFile: 'TLS_CA_FILE',
  certFile: 'TLS_CERT_FILE',
  keyFile: 'TLS_KEY_FILE',
};

/** Why a certificate, its key and its authorities cannot serve, or undefined. */
export function tlsProblem(files: TlsFiles): string | undefined {
  try {
    readTlsFiles(files);
    return undefined;
  } catch (error) {
    if (!(error instanceof TlsFileError)) throw error;
    return `${SETTING_OF[error.file]} is ${JSON.stringify(error.path)}: the file ${error.problem}.`;
  }
}
