import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';

/** Why a certificate, its key and its authorities cannot serve, or undefined. The files can be read. */
export function tlsProblem(certFile: string, keyFile: string, caFile: string): string | undefined {
  try {
    createSecureContext({ cert: readFileSync(certFile), key: readFileSync(keyFile), ca: readFileSync(caFile) });
    return undefined;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return (
      `TLS_CERT_FILE is ${JSON.stringify(certFile)}, TLS_KEY_FILE ${JSON.stringify(keyFile)}, TLS_CA_FILE ` +
      `${JSON.stringify(caFile)}: they must be PEM files, the key that of the certificate (${reason}).`
    );
  }
}
