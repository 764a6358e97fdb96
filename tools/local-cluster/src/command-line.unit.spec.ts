import { describe, expect, it } from '@jest/globals';
import { CommandLineError, helpText, readCommandLine } from './command-line.js';

describe('readCommandLine', () => {
  it('has a default for everything', () => {
    expect(readCommandLine([])).toEqual({
      gatewayPort: undefined,
      monitorPort: undefined,
      registryPort: undefined,
      issuerPort: undefined,
      copies: new Map(),
      rate: 20,
      gatewayShare: 0.5,
      hasTraffic: true,
      consulUrl: undefined,
      logLevel: 'info',
      isQuiet: false,
    });
  });

  it('reads what is set', () => {
    const words = [
      '--gateway-port=9000',
      '--copies',
      'pricing=3',
      '--copies',
      'a=1,b=0',
      '--rate',
      '2.5',
      '--no-traffic',
      '--quiet',
    ];
    expect(readCommandLine([...words, '--consul', 'http://agent:8500/'])).toMatchObject({
      gatewayPort: 9000,
      copies: new Map([
        ['pricing', 3],
        ['a', 1],
        ['b', 0],
      ]),
      rate: 2.5,
      hasTraffic: false,
      consulUrl: 'http://agent:8500',
      logLevel: 'warn',
    });
  });

  it.each([['--help'], ['-h']])('asks for help with %s', (word) => {
    expect(readCommandLine([word])).toBeUndefined();
  });

  it.each([
    [['--gateway-port', '70000'], '--gateway-port is "70000": it must be a whole number from 1 to 65535'],
    [['--copies', 'pricing'], '--copies is "pricing": it must be a service and a number, such as pricing=3'],
    [['--rate', 'fast'], '--rate is "fast": it must be a number from 0 to 2000'],
    [['--consul', 'localhost'], '--consul is "localhost": it must be a URL such as http://127.0.0.1:8500'],
    [['--log-level', 'loud'], '--log-level is "loud": it must be one of trace, debug, info, warn, error'],
    [['--colour'], "Unknown option '--colour'"],
    [['more'], "Unexpected argument 'more'"],
  ])('refuses %j in words', (words, message) => {
    expect(() => readCommandLine(words)).toThrow(CommandLineError);
    expect(() => readCommandLine(words)).toThrow(message);
  });

  it('explains each option', () => {
    for (const name of [
      'gateway-port',
      'copies',
      'rate',
      'gateway-share',
      'consul',
      'no-traffic',
      'quiet',
      'log-level',
    ]) {
      expect(helpText).toContain(`--${name}`);
    }
  });
});
