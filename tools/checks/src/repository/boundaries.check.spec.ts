import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { importRules, layers } from '../../../../architecture.config.mjs';
import { runChild } from '../child.mjs';
import { nxEnvironment, program } from '../workspace.mjs';
import { bystanders, plantedCode, plantedImports, type PlantedViolation } from './planted-violations.js';
import { ScratchWorkspace } from './scratch-workspace.js';

const timeLimitMs = 240_000;
const scratch = new ScratchWorkspace();

const title = ({ rule, file }: PlantedViolation): string => `${rule} refuses ${file}`;

function plantAll(violations: readonly PlantedViolation[]): void {
  for (const { file, content } of violations) scratch.write(file, content);
}

interface CruiseResult {
  readonly summary: {
    readonly violations: readonly { readonly from: string; readonly rule: { readonly name: string } }[];
  };
}

/** What dependency-cruiser finds in the scratch workspace, as "rule file". */
async function cruise(): Promise<Set<string>> {
  const { output } = await inScratch([
    program('depcruise'),
    '--config',
    '.dependency-cruiser.mjs',
    '-T',
    'json',
    'apps',
    'libs',
    'tools',
  ]);
  const { summary } = JSON.parse(output) as CruiseResult;
  return new Set(summary.violations.map(({ rule, from }) => `${rule.name} ${from}`));
}

/** What ESLint finds, run as `npm run lint` runs it, as "rule file". */
async function lint(): Promise<Set<string>> {
  const projects = ['runtime', 'discovery', 'apps-canary'].join();
  const { output } = await inScratch([
    program('nx'),
    'run-many',
    '-t',
    'lint',
    '-p',
    projects,
    '--skip-nx-cache',
    '--output-style=static',
  ]);
  const found = new Set<string>();
  let file = '';
  for (const line of output.split('\n')) {
    if (line.startsWith(scratch.path)) file = line.trim().slice(scratch.path.length + 1);
    const rule = /^\s+\d+:\d+\s+error\s.*\s(\S+)$/.exec(line)?.[1];
    if (rule) found.add(`${rule} ${file}`);
  }
  return found;
}

const inScratch = (command: readonly string[]) =>
  runChild(command, {
    timeLimitMs,
    cwd: scratch.path,
    env: { ...nxEnvironment, NO_COLOR: '1', FORCE_COLOR: '0' },
  });

beforeAll(() => {
  scratch.addProject('apps/canary', 'app');
  scratch.addProject('apps/other', 'app');
  scratch.addProject('tools/canary', 'tool');
  for (const [file, content] of Object.entries(bystanders)) scratch.write(file, content);
});

afterAll(() => scratch.remove());

describe('dependency-cruiser', () => {
  let found = new Set<string>();

  beforeAll(async () => {
    const blameless = await cruise();
    expect([...blameless].filter((violation) => !violation.startsWith('no-dead-files'))).toEqual([]);
    plantAll(plantedImports);
    found = await cruise();
  });

  it.each(plantedImports.map((violation) => [title(violation), violation] as const))('%s', (_, { rule, file }) => {
    expect(found).toContain(`${rule} ${file}`);
  });

  it('has a violation planted for every rule of the table', () => {
    const rules = [
      ...layers.filter(({ name }) => name !== 'test').map(({ name }) => `layer-${name}`),
      ...importRules.map(({ name }) => name),
    ];
    expect(rules.filter((name) => !plantedImports.some(({ rule }) => rule === name))).toEqual([]);
  });
});

describe('ESLint', () => {
  let found = new Set<string>();

  beforeAll(async () => {
    plantAll(plantedCode);
    found = await lint();
  });

  it.each(plantedCode.map((violation) => [title(violation), violation] as const))('%s', (_, { rule, file }) => {
    expect(found).toContain(`${rule} ${file}`);
  });
});
