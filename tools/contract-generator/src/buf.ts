import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Workspace } from './workspace.js';

const run = promisify(execFile);

/** The contracts that callers may have been built with, kept beside the contracts. */
const BASELINE = 'proto/baseline.binpb';

/** What buf holds against the style of the contracts; one line each. */
export async function lint(workspace: Workspace): Promise<string[]> {
  return findings(workspace, ['lint']);
}

/** What a caller built with the baseline would stumble over; one line each. */
export async function breakingChanges(workspace: Workspace): Promise<string[]> {
  return findings(workspace, ['breaking', '--against', BASELINE]);
}

/** Makes the contracts as they are now the baseline. */
export async function renewBaseline(workspace: Workspace): Promise<void> {
  const flags = ['--exclude-source-info', '--output', BASELINE];
  const [failure] = await findings(workspace, ['build', ...flags]);
  if (failure !== undefined) throw new Error(`buf cannot build the contracts: ${failure}`);
}

async function findings({ root, modules }: Workspace, args: readonly string[]): Promise<string[]> {
  const program = path.join(modules, '@bufbuild/buf/bin/buf');
  try {
    await run(process.execPath, [program, ...args], { cwd: root });
    return [];
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: string; stderr?: string };
    const lines = `${stdout ?? ''}${stderr ?? ''}`.split('\n').filter((line) => line.trim() !== '');
    if (lines.length === 0) throw error;
    return lines;
  }
}
