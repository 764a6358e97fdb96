import { describe, expect, it } from '@jest/globals';
import { codeOf } from '@rookery/eventsourcing/testing';
import { VirtualTime } from '@rookery/runtime/testing';
import { GroupCommit, type LaneItem, type LaneLimits } from './group-commit.js';
import { refused, unavailable } from './store-failure.js';

const LIMITS: LaneLimits = { maxRows: 10, maxBytes: 100, maxWaiting: 8, waitMs: 1000 };

interface Item extends LaneItem {
  readonly name: string;
}

const item = (name: string, over: Partial<Item> = {}): Item => ({ name, key: name, rows: 1, bytes: 1, ...over });

/** A lane whose batches end when the test says so. */
class Stage {
  readonly time = new VirtualTime();
  readonly batches: string[] = [];
  private readonly ends: ((error?: Error) => void)[] = [];
  readonly lane = new GroupCommit<Item, string>((items) => this.write(items), LIMITS, this.time.clock, this.time);

  async end(error?: Error): Promise<void> {
    this.ends.shift()?.(error);
    await this.time.advanceAsync(0);
  }

  private write(items: readonly Item[]): Promise<readonly string[]> {
    this.batches.push(items.map(({ name }) => name).join(' '));
    return new Promise((resolve, reject) => {
      this.ends.push((error) => (error === undefined ? resolve(items.map(({ name }) => `${name}!`)) : reject(error)));
    });
  }
}

describe('a lane of group commits', () => {
  it('writes together what comes in one turn, then what came meanwhile', async () => {
    const stage = new Stage();
    const outcomes = ['a', 'b'].map((name) => stage.lane.submit(item(name)));
    await stage.time.advanceAsync(0);
    outcomes.push(...['c', 'd', 'e'].map((name) => stage.lane.submit(item(name))));
    await stage.end();
    await stage.end();
    expect(stage.batches).toEqual(['a b', 'c d e']);
    expect(await Promise.all(outcomes)).toEqual(['a!', 'b!', 'c!', 'd!', 'e!']);
  });

  it('has one item of a key in a batch, and keeps the order of the others', async () => {
    const stage = new Stage();
    for (const name of ['a', 'b1', 'b2', 'c', 'b3']) void stage.lane.submit(item(name, { key: name.charAt(0) }));
    await stage.time.advanceAsync(0);
    await stage.end();
    await stage.end();
    expect(stage.batches).toEqual(['a b1 c', 'b2', 'b3']);
  });

  it.each([
    ['rows', { rows: 4 }],
    ['bytes', { bytes: 40 }],
  ])('has a limit of %s in a batch, and lets what is larger go alone', async (_what, size) => {
    const stage = new Stage();
    for (const name of ['a', 'b', 'c']) void stage.lane.submit(item(name, size));
    void stage.lane.submit(item('d', { rows: 40, bytes: 400 }));
    for (let count = 0; count < 3; count++) await stage.end();
    await stage.time.advanceAsync(0);
    for (let count = 0; count < 3; count++) await stage.end();
    expect(stage.batches).toEqual(['a b', 'c', 'd']);
  });

  it('finds the item at fault, and fails that alone', async () => {
    const stage = new Stage();
    const codes = ['a', 'b', 'c', 'd', 'e'].map((name) => codeOf(stage.lane.submit(item(name))));
    await stage.time.advanceAsync(0);
    for (let count = 0; stage.batches.length > count; count++) {
      await stage.end(stage.batches[count]?.includes('d') === true ? refused('d') : undefined);
    }
    expect(stage.batches).toEqual(['a b c d e', 'a b c', 'd e', 'd', 'e']);
    expect(await Promise.all(codes)).toEqual([undefined, undefined, undefined, 'STORE_REFUSED', undefined]);
  });

  it('fails a batch whose connection is lost, and goes on with the next', async () => {
    const stage = new Stage();
    const first = codeOf(stage.lane.submit(item('a')));
    await stage.time.advanceAsync(0);
    const second = stage.lane.submit(item('b'));
    await stage.end(unavailable('lost'));
    await stage.end();
    expect([await first, await second]).toEqual(['STORE_UNAVAILABLE', 'b!']);
  });

  it('lets nobody wait for ever behind a batch that does not end', async () => {
    const stage = new Stage();
    void stage.lane.submit(item('a'));
    await stage.time.advanceAsync(500);
    const [early, late] = [codeOf(stage.lane.submit(item('b'))), stage.lane.submit(item('c', { key: 'b' }))];
    await stage.time.advanceAsync(1000);
    expect(await early).toBe('STORE_UNAVAILABLE');
    await expect(late).rejects.toThrow(/waited too long/);
  });

  it('turns away what comes when enough are waiting', async () => {
    const stage = new Stage();
    const codes = Array.from({ length: 10 }, (_, index) => codeOf(stage.lane.submit(item(`${index}`))));
    expect(await Promise.all(codes.slice(8))).toEqual(['STORE_UNAVAILABLE', 'STORE_UNAVAILABLE']);
    await stage.time.advanceAsync(0);
    await stage.end();
    expect(await Promise.all(codes.slice(0, 8))).toEqual(Array.from({ length: 8 }, () => undefined));
  });

  it('ends what it has begun when it is closed, and nothing more', async () => {
    const stage = new Stage();
    const first = stage.lane.submit(item('a'));
    await stage.time.advanceAsync(0);
    const second = codeOf(stage.lane.submit(item('b')));
    const closed = stage.lane.close();
    expect(await second).toBe('STORE_UNAVAILABLE');
    expect(await codeOf(stage.lane.submit(item('c')))).toBe('STORE_UNAVAILABLE');
    await stage.end();
    await closed;
    expect([await first, stage.batches]).toEqual(['a!', ['a']]);
  });
});
