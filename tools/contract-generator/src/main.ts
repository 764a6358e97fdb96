import { breakingChanges, lint, renewBaseline } from './buf.js';
import { ContractError } from './contract-error.js';
import { generate } from './generator.js';
import { differences, writeAll } from './output-folder.js';
import { repository } from './workspace.js';

const USAGE = `npm run generate                  write libs/contracts/src from proto/
npm run generate -- --check       change nothing; fail when it differs, on bad style and on breaking changes
npm run generate -- --baseline    accept the contracts as they are as what callers may be built with`;

async function write(): Promise<string[]> {
  const { files, notes } = await generate(repository);
  const changed = await writeAll(repository, files);
  console.log(`${String(files.size)} files generated, ${String(changed.length)} changed`);
  for (const note of notes) console.warn(`note: ${note}`);
  return [];
}

async function check(): Promise<string[]> {
  const [{ files }, style, breaking] = [
    await generate(repository),
    await lint(repository),
    await breakingChanges(repository),
  ];
  const stale = await differences(repository, files);
  return [
    ...headed('libs/contracts/src is not what proto/ says; run npm run generate:', stale),
    ...headed('buf holds against the style of the contracts:', style),
    ...headed('buf finds changes that break callers (docs/guides/contracts.md says what to do):', breaking),
  ];
}

async function baseline(): Promise<string[]> {
  await renewBaseline(repository);
  console.log('proto/baseline.binpb holds the contracts as they are now');
  return [];
}

function headed(head: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [head, ...lines.map((line) => `  ${line}`)];
}

async function usage(): Promise<string[]> {
  return [USAGE];
}

const modes: Readonly<Record<string, () => Promise<string[]>>> = {
  '': write,
  '--check': check,
  '--baseline': baseline,
};

try {
  const complaints = await (modes[process.argv.slice(2).join(' ')] ?? usage)();
  if (complaints.length > 0) {
    console.error(complaints.join('\n'));
    process.exitCode = 1;
  }
} catch (error) {
  if (!(error instanceof ContractError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
