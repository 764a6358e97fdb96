import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type ProcessIdentity, ProcessTable } from './process-table.js';
import { AlreadyRunningError, RunRecord } from './run-record.js';

class FakeProcessTable extends ProcessTable {
  readonly killed: number[] = [];
  readonly startedAt = new Map<number, string>();

  identify(pid: number): ProcessIdentity | undefined {
    const startedAt = this.startedAt.get(pid);
    return startedAt === undefined ? undefined : { pid, startedAt };
  }

  kill(pid: number): void {
    this.killed.push(pid);
  }
}

let directory: string;
let processes: FakeProcessTable;
let record: RunRecord;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'rookery-record-'));
  processes = new FakeProcessTable();
  processes.startedAt.set(process.pid, 'now').set(11, 'a').set(12, 'b');
  record = new RunRecord(directory, processes);
  record.write([
    { id: 'pricing-1', pid: 11 },
    { id: 'pricing-2', pid: 12 },
  ]);
});

afterEach(() => rmSync(directory, { recursive: true }));

describe('RunRecord', () => {
  it('finds nothing to do after a run that ended in order', () => {
    record.remove();
    expect(record.cleanUp()).toBeUndefined();
  });

  it('refuses to start beside a supervisor that is alive', () => {
    expect(() => record.cleanUp()).toThrow(AlreadyRunningError);
    expect(processes.killed).toEqual([]);
  });

  it('ends what a killed supervisor left, and only that', () => {
    processes.startedAt.delete(process.pid);
    processes.startedAt.set(12, 'somebody else has this number now');
    expect(record.cleanUp()).toEqual({ ended: ['pricing-1'] });
    expect(processes.killed).toEqual([11]);
    expect(record.cleanUp()).toBeUndefined();
  });

  it('believes no file that is not whole', () => {
    writeFileSync(join(directory, 'processes.json'), '{"supervisor":');
    expect(record.cleanUp()).toBeUndefined();
  });

  it('leaves nothing for others to read', () => {
    expect(readdirSync(directory)).toEqual(['processes.json']);
    expect(statSync(join(directory, 'processes.json')).mode & 0o777).toBe(0o600);
  });
});
