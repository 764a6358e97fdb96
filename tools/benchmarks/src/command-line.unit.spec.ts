import { describe, expect, it } from '@jest/globals';

import { readCommandLine, usage, UsageError } from './command-line.js';
import { gatewayBench } from './gateway/gateway-bench.js';
import { rpcBench } from './rpc/rpc-bench.js';

const benches = [rpcBench, gatewayBench];
const read = (...args: string[]): ReturnType<typeof readCommandLine> => readCommandLine(args, benches);

describe('the command line', () => {
  it('takes a bench with its own durations unless told otherwise', () => {
    expect(read('rpc')).toEqual({ bench: rpcBench, isJson: false, seconds: 1, rounds: 5 });
    expect(read('gateway', '--json', '--seconds', '0.2', '--rounds', '1')).toEqual({
      bench: gatewayBench,
      isJson: true,
      seconds: 0.2,
      rounds: 1,
    });
  });

  it('asks for help when nothing is named', () => {
    expect(read()).toBeUndefined();
    expect(read('rpc', '--help')).toBeUndefined();
    for (const { name } of benches) expect(usage(benches)).toContain(name);
  });

  it.each([
    [['kafka'], 'there is no bench kafka; there are rpc, gateway'],
    [['rpc', 'gateway'], 'one bench at a time, not also gateway'],
    [['rpc', '--seconds', 'soon'], '--seconds takes a number from 0.05 to 600, not "soon"'],
    [['rpc', '--rounds', '0'], '--rounds takes a number from 1 to 1000, not "0"'],
    [['rpc', '--rounds', '1.5'], '--rounds takes a whole number'],
    [['rpc', '--fast'], "Unknown option '--fast'"],
  ])('says what is wrong with %j', (args, message) => {
    expect(() => read(...args)).toThrow(UsageError);
    expect(() => read(...args)).toThrow(message);
  });
});
