import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const protoc = createRequire(import.meta.url).resolve('protoc/protoc.cjs');
const roots = [join(here, 'protos'), join(here, '../../../proto')];

/** The serialised FileDescriptorSet of these files and all that they import, as a provider's reflection would give it. */
export function descriptorSetOf(...files: string[]): Uint8Array {
  const folder = mkdtempSync(join(tmpdir(), 'gateway-descriptors-'));
  try {
    const output = join(folder, 'set.binpb');
    const paths = roots.map((root) => `--proto_path=${root}`);
    execFileSync(process.execPath, [protoc, ...paths, '--include_imports', `--descriptor_set_out=${output}`, ...files]);
    return readFileSync(output);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
