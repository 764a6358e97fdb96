import { mkdtemp, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { firing as alarm } from '../../test/sample-alarm.js';
import { AlarmStore } from './alarm.store.js';

async function place(): Promise<{ path: string; warnings: string[]; store: () => AlarmStore }> {
  const path = join(await mkdtemp(join(tmpdir(), 'rookery-alarms-')), 'kept', 'alarms.json');
  const warnings: string[] = [];
  return { path, warnings, store: () => new AlarmStore(path, (message) => warnings.push(message)) };
}

describe('AlarmStore', () => {
  it('gives back what was kept last, to the next process', async () => {
    const { path, warnings, store } = await place();
    const first = store();
    expect(await first.load()).toEqual({ firing: [], untold: [] });
    first.keep({ firing: [], untold: [alarm] });
    first.keep({ firing: [alarm], untold: [{ ...alarm, state: 'resolved', resolvedAt: 9_000 }] });
    await first.settled();
    expect(await store().load()).toEqual({
      firing: [alarm],
      untold: [{ ...alarm, state: 'resolved', resolvedAt: 9_000 }],
    });
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readdir(join(path, '..'))).toEqual(['alarms.json']);
    expect(warnings).toEqual([]);
  });

  it.each([
    '{"version":1,"firing":',
    '{"version":2,"firing":[],"untold":[]}',
    'null',
    '{"version":1,"firing":[null],"untold":[]}',
    JSON.stringify({ version: 1, firing: [], untold: [{ ...alarm, firingAt: 'soon' }] }),
    JSON.stringify({ version: 1, firing: [], untold: [{ ...alarm, pendingAt: 9e15 }] }),
    JSON.stringify({ version: 1, firing: [{ ...alarm, facts: null }], untold: [] }),
    JSON.stringify({ version: 1, firing: [{ ...alarm, history: [{}] }], untold: [] }),
  ])('starts with nothing and says so when the file holds %s', async (content) => {
    const { path, warnings, store } = await place();
    const first = store();
    first.keep({ firing: [alarm], untold: [] });
    await first.settled();
    await writeFile(path, content);
    expect(await store().load()).toEqual({ firing: [], untold: [] });
    expect(warnings).toHaveLength(1);
  });

  it('says so when it cannot write, and goes on', async () => {
    const { path, warnings, store } = await place();
    await writeFile(join(path, '..', '..', 'kept'), 'in the way');
    const first = store();
    first.keep({ firing: [alarm], untold: [] });
    await first.settled();
    expect(warnings).toHaveLength(1);
    expect(await readFile(join(path, '..'), 'utf8')).toBe('in the way');
  });
});
