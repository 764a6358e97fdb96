import { readFileSync, unwatchFile, watchFile } from 'node:fs';
import type { Server } from 'node:http';
import type { Server as SecureServer } from 'node:https';
import type { ServiceConfig } from './service.config.js';

/** TLS for the HTTP port, from the files that gRPC uses too; read again when they change. */
export class HttpTls {
  private constructor(
    private readonly certFile: string,
    private readonly keyFile: string,
    private readonly lookEveryMs: number,
  ) {}

  static of({ TLS_CERT_FILE, TLS_KEY_FILE }: ServiceConfig, lookEveryMs: number): HttpTls | undefined {
    if (TLS_CERT_FILE === undefined || TLS_KEY_FILE === undefined) return undefined;
    return new HttpTls(TLS_CERT_FILE, TLS_KEY_FILE, lookEveryMs);
  }

  read(): { cert: Buffer; key: Buffer } {
    return { cert: readFileSync(this.certFile), key: readFileSync(this.keyFile) };
  }

  /** Files that cannot be used, such as half of a new pair, leave the old ones in use; `onError` is told. */
  follow(server: Server | SecureServer, onError: (error: unknown) => void): void {
    if (!('setSecureContext' in server)) return;
    const renew = (): void => {
      try {
        server.setSecureContext(this.read());
      } catch (error) {
        onError(error);
      }
    };
    for (const file of [this.certFile, this.keyFile]) {
      watchFile(file, { interval: this.lookEveryMs, persistent: false }, renew);
    }
  }

  close(): void {
    unwatchFile(this.certFile);
    unwatchFile(this.keyFile);
  }
}
