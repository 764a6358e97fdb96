import { renameSync, writeFileSync } from 'node:fs';

/** Readers see the old content or the new, never a part. Readable by the owner only. */
export function writeFileAtomically(file: string, content: string): void {
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, content, { mode: 0o600 });
  renameSync(draft, file);
}
