import { describe, expect, it } from '@jest/globals';
import { readableLine } from './log-line.js';
import { Terminal } from './terminal.js';

const dim = (text: string): string => `\u001b[2m${text}\u001b[0m`;

function terminal(isTTY: boolean, columns = 30) {
  const written: string[] = [];
  const output = { isTTY, columns, write: (text: string) => written.push(text) };
  return { terminal: new Terminal(output), written };
}

describe('Terminal', () => {
  it('prefixes lines without colour where nobody looks', () => {
    const { terminal: plain, written } = terminal(false);
    plain.say('pricing-1', 'ready', true);
    plain.showStatus('7/7 up');
    expect(written).toEqual(['pricing-1    │ ready\n', '7/7 up\n']);
  });

  it('keeps the status line below what is said', () => {
    const { terminal: live, written } = terminal(true);
    live.showStatus('7/7 up');
    live.print('hello');
    expect(written[1]).toBe(`\r\u001b[2Khello\n${written[0]}`);
  });

  it('cuts a status line that would wrap', () => {
    const { terminal: live, written } = terminal(true);
    live.showStatus('x'.repeat(100));
    expect(written[0]).toContain('x'.repeat(29));
    expect(written[0]).not.toContain('x'.repeat(30));
  });

  it('breaks a status between its parts, and replaces all its lines', () => {
    const { terminal: live, written } = terminal(true);
    live.showStatus('13/13 up · 20 calls/s · 266 orders: 156 confirmed · no alarms');
    expect(written[0]).toBe(
      dim('13/13 up · 20 calls/s') + '\n' + dim('266 orders: 156 confirmed') + '\n' + dim('no alarms'),
    );
    live.print('hello');
    expect(written[1]).toBe(`\r\u001b[2K\u001b[1A\u001b[2K\u001b[1A\u001b[2Khello\n${written[0]}`);
  });

  it('takes a terminal that tells no width for a usual one', () => {
    const { terminal: live, written } = terminal(true, 0);
    live.showStatus('x'.repeat(100));
    expect(written[0]).toBe(dim('x'.repeat(79)));
  });

  it('takes the status line away', () => {
    const { terminal: live, written } = terminal(true);
    live.showStatus('7/7 up');
    live.clearStatus();
    live.print('bye');
    expect(written.slice(1)).toEqual(['\r\u001b[2K', 'bye\n']);
  });
});

describe('readableLine', () => {
  it('makes a log line readable', () => {
    const line = JSON.stringify({ level: 40, time: 0, pid: 1, msg: 'slow', trace_id: 'abc', took: { ms: 5 } });
    expect(readableLine(line)).toEqual({
      text: '00:00:00 warn  slow trace_id=abc took={"ms":5}',
      isBad: true,
      isTalk: false,
    });
  });

  it('says once what an error says', () => {
    const err = { type: 'Error', message: 'no answer', stack: 'Error: no answer' };
    const told = JSON.stringify({ level: 'warn', time: 0, msg: 'fulfilment: no answer', err });
    expect(readableLine(told).text).toBe('00:00:00 warn  fulfilment: no answer');
    const bare = JSON.stringify({ level: 'warn', time: 0, msg: 'fulfilment', err });
    expect(readableLine(bare).text).toBe('00:00:00 warn  fulfilment err="no answer"');
  });

  it.each(['plain text', '{not json', '{"a":1}'])('passes %j through', (line) => {
    expect(readableLine(line)).toEqual({ text: line, isBad: false, isTalk: false });
  });

  it('does not stumble over a strange time', () => {
    expect(readableLine('{"level":"info","time":"noon","msg":"x"}').text).toBe('--:--:-- info  x');
  });
});
