import { describe, expect, it } from '@jest/globals';

import { actorsSuite } from './actors/actors-suite.js';
import { suiteOf } from './bench.js';
import { readCommandLine, usage, UsageError } from './command-line.js';
import { appendBench } from './events/append-bench.js';
import { gatewayBench } from './gateway/gateway-bench.js';
import { rpcBench } from './rpc/rpc-bench.js';

const suites = [suiteOf(rpcBench), suiteOf(gatewayBench), actorsSuite, suiteOf(appendBench)];
const read = (...args: string[]): ReturnType<typeof readCommandLine> => readCommandLine(args, suites);

describe('the command line', () => {
  it('takes a bench with its own durations unless told otherwise', () => {
    expect(read('rpc')).toEqual({
      benches: [rpcBench],
      isJson: false,
      seconds: undefined,
      rounds: undefined,
    });
    expect(read('gateway', '--json', '--seconds', '0.2', '--rounds', '1')).toEqual({
      benches: [gatewayBench],
      isJson: true,
      seconds: 0.2,
      rounds: 1,
    });
  });

  it('takes all parts of a bench, or those that are named', () => {
    const names = (...args: string[]): unknown => read('actors', ...args)?.benches.map(({ name }) => name);
    expect(names()).toEqual([
      ...['ping-pong', 'flood', 'ask', 'spawn', 'skynet', 'memory'],
      ...['remote-flood', 'remote-ping-pong'],
    ]);
    expect(names('spawn', 'ask')).toEqual(['ask', 'spawn']);
  });

  it('asks for help when nothing is named', () => {
    expect(read()).toBeUndefined();
    expect(read('rpc', '--help')).toBeUndefined();
    for (const { name, benches } of suites) {
      for (const text of [name, ...benches.map((bench) => bench.about)]) expect(usage(suites)).toContain(text);
    }
  });

  it('keeps names apart from what they are about', () => {
    const about = 'events applied';
    expect(usage([{ ...suiteOf(appendBench), name: 'projection', about }])).toMatch(
      /^ {2}projection {2}events applied$/m,
    );
  });

  it.each([
    [['kafka'], 'there is no bench kafka; there are rpc, gateway, actors, append'],
    [['rpc', 'gateway'], 'one bench at a time, not also gateway'],
    [['actors', 'spawn', 'swim'], 'actors has no part swim; it has ping-pong, flood, ask,'],
    [['rpc', '--seconds', 'soon'], '--seconds takes a number from 0.05 to 600, not "soon"'],
    [['rpc', '--rounds', '0'], '--rounds takes a number from 1 to 1000, not "0"'],
    [['rpc', '--rounds', '1.5'], '--rounds takes a whole number'],
    [['rpc', '--fast'], "Unknown option '--fast'"],
  ])('says what is wrong with %j', (args, message) => {
    expect(() => read(...args)).toThrow(UsageError);
    expect(() => read(...args)).toThrow(message);
  });
});
