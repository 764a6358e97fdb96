import { describe, expect, it } from '@jest/globals';
import { join } from 'node:path';
import { runChild } from '../child.mjs';
import { levels } from '../levels.mjs';
import { servers, serversOf } from '../servers.mjs';
import { filesOf, root, textOf } from '../workspace.mjs';

const specs = filesOf('**/*.{spec,test}.{ts,tsx,mts,js,mjs}');

/** What jest itself would run at a level. */
async function listedAt(level: string): Promise<string[]> {
  const jest = join(root, 'node_modules/jest/bin/jest.js');
  const { output } = await runChild([process.execPath, jest, '--listTests', '--json'], {
    timeLimitMs: 120_000,
    cwd: root,
    env: { LEVELS: level, NODE_OPTIONS: '' },
  });
  const list = JSON.parse(output.slice(output.indexOf('['))) as string[];
  return list.map((file) => file.slice(root.length + 1));
}

describe('specs', () => {
  it('are each run at exactly one level', async () => {
    const runs: string[] = [];
    for (const level of Object.keys(levels)) runs.push(...(await listedAt(level)));
    expect(runs.sort()).toEqual(specs);
  });

  it('of level int name the server they need', () => {
    const nameless = specs.filter((file) => file.endsWith(levels.int.suffix) && serversOf(textOf(file)).length === 0);
    expect({ nameless, servers: Object.keys(servers) }).toMatchObject({ nameless: [] });
  });

  it('run every contract suite', () => {
    const contracts = filesOf('{apps,libs,tools}/**/*.contract.ts');
    const unused = contracts.filter((file) => {
      const texts = [...specs, ...contracts.filter((other) => other !== file)].map(textOf);
      const suites = [...textOf(file).matchAll(/^export function (\w+)/gm)].map(([, name = '']) => name);
      return !suites.some((name) => texts.some((text) => new RegExp(`\\b${name}[(<]`).test(text)));
    });
    expect(unused).toEqual([]);
  });
});
