import { describe, expect, it } from '@jest/globals';
import { monitor } from '@rookery/contracts/messages';
import { VirtualTime } from '@rookery/runtime/testing';

import { type ConnectionChange, Connections } from './connections.js';

const TARGET = { service: 'pricing', instanceId: 'pricing-1', incarnation: 'i-1' };
const { LINK_STATE_UP: UP, LINK_STATE_SUSPECT: SUSPECT, LINK_STATE_DOWN: DOWN } = monitor.LinkState;

class Setting {
  readonly time = new VirtualTime();
  readonly connections = new Connections(this.time.clock);

  /** Goes through the changes, a second apart. */
  pass(...changes: ConnectionChange[]): this {
    for (const change of changes) {
      this.time.advance(1000);
      this.connections.changed(TARGET, change);
    }
    return this;
  }

  get states(): monitor.LinkState[] {
    return this.connections.views().map(({ state }) => state);
  }
}

describe('Connections', () => {
  it.each<[string, ConnectionChange[], monitor.LinkState[]]>([
    ['one that is open', ['connecting', 'ready'], [UP]],
    ['one that is silent', ['ready', 'suspect'], [SUSPECT]],
    ['one that speaks again', ['ready', 'suspect', 'ready'], [UP]],
    ['one that was lost', ['ready', 'down'], [DOWN]],
    ['one that is being opened again', ['ready', 'down', 'connecting'], [DOWN]],
    ['one that was refused from the beginning', ['connecting', 'down'], [DOWN]],
    ['one that was lost and given up', ['ready', 'down', 'gone'], [DOWN]],
    ['one that was silent and given up', ['ready', 'suspect', 'gone'], [DOWN]],
    ['nothing of one that was never tried to the end', ['connecting'], []],
    ['nothing of one that said goodbye', ['ready', 'leaving'], []],
    ['nothing of one that was given up while it was open', ['ready', 'gone'], []],
    ['nothing of one that was given up before it was open', ['connecting', 'gone'], []],
  ])('tells of %s', (_, changes, states) => {
    expect(new Setting().pass(...changes).states).toEqual(states);
  });

  it('says since when, whatever is tried meanwhile', () => {
    const { connections } = new Setting().pass('ready', 'down', 'connecting', 'down');
    expect(connections.views()).toEqual([
      {
        targetService: 'pricing',
        targetInstanceId: 'pricing-1',
        targetIncarnation: 'i-1',
        state: DOWN,
        since: new Date(Date.UTC(2026, 0, 1, 0, 0, 2)),
      },
    ]);
  });

  it('remembers a lost one for a minute after it was given up', () => {
    const setting = new Setting().pass('ready', 'down', 'gone');
    setting.time.advance(59_999);
    expect(setting.states).toEqual([DOWN]);
    setting.time.advance(1);
    expect(setting.states).toEqual([]);
  });

  it('remembers one that came back', () => {
    const setting = new Setting().pass('ready', 'down', 'gone', 'ready');
    setting.time.advance(120_000);
    expect(setting.states).toEqual([UP]);
  });

  it('keeps a bounded number', () => {
    const { connections } = new Setting();
    for (let index = 0; index < 3000; index++) {
      connections.changed({ ...TARGET, instanceId: `pricing-${index}` }, 'ready');
    }
    expect(connections.views()).toHaveLength(2000);
  });

  it('counts those that are kept, by service and state', () => {
    const setting = new Setting().pass('ready', 'down', 'gone');
    setting.connections.changed({ ...TARGET, instanceId: 'pricing-2' }, 'ready');
    expect([...setting.connections.counts()]).toEqual([
      { service: 'pricing', state: 'up', count: 1 },
      { service: 'pricing', state: 'suspect', count: 0 },
      { service: 'pricing', state: 'down', count: 0 },
    ]);
  });

  it('tell how long they have been so, also after the wall clock was set', () => {
    const { clock } = new VirtualTime();
    const moment = { now: clock.now(), monotonic: clock.monotonic() };
    const connections = new Connections({ now: () => moment.now, monotonic: () => moment.monotonic });
    connections.changed(TARGET, 'ready');
    connections.changed(TARGET, 'suspect');
    moment.now += 3_600_000 + 2000;
    moment.monotonic += 2000;
    expect(connections.views()).toMatchObject([{ state: SUSPECT, since: new Date(moment.now - 2000) }]);
  });
});
