import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The path of a file among the certificates of this package; `make.sh` beside them says what each is. */
export function certificateFile(name: string): string {
  return fileURLToPath(new URL(`../certs/${name}`, import.meta.url));
}

/** Where one process finds its TLS files, which a test renews or breaks. Begins with the authority of all tests. */
export class TlsFolder {
  private readonly path = mkdtempSync(join(tmpdir(), 'rookery-tls-'));
  readonly files = {
    caFile: join(this.path, 'ca.pem'),
    certFile: join(this.path, 'cert.pem'),
    keyFile: join(this.path, 'key.pem'),
  };

  constructor(owner: string) {
    this.copy('caFile', 'test-authority.pem');
    this.give(owner);
  }

  /** Certificate and key of this name, one after the other. */
  give(owner: string): void {
    this.copy('certFile', `${owner}.pem`);
    this.copy('keyFile', `${owner}.key.pem`);
  }

  copy(file: keyof TlsFolder['files'], certificate: string): void {
    copyFileSync(certificateFile(certificate), this.files[file]);
  }

  write(file: keyof TlsFolder['files'], text: string): void {
    writeFileSync(this.files[file], text);
  }

  remove(): void {
    rmSync(this.path, { recursive: true });
  }
}
