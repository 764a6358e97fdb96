import { describe, expect, it } from '@jest/globals';
import { commandsOf, isAnsweredBy } from './shell-blocks.mjs';

const page = (...lines: string[]): string => lines.join('\n');

describe('the commands of a page', () => {
  it('stand in its blocks of sh, without comments', () => {
    const text = page('# Title', '```sh', '# first', 'npm ci    # once', '', 'npm start', '```', '```ts', 'npm', '```');
    expect(commandsOf(text)).toEqual([
      { text: 'npm ci', line: 4 },
      { text: 'npm start', line: 6 },
    ]);
  });

  it('go on behind a backslash, a bar and an operator, and within quotes', () => {
    const lines = ['a \\', '  b', 'c |', '  d', 'e &&', '  f', "g '{", `  "h": 1 }'`, String.raw`i 's/"/\1/'`];
    const texts = commandsOf(page('```sh', ...lines, '```')).map(({ text }) => text);
    expect(texts).toEqual(['a \\\n  b', 'c |\n  d', 'e &&\n  f', `g '{\n  "h": 1 }'`, String.raw`i 's/"/\1/'`]);
  });

  it('are found whatever else its fences say', () => {
    expect(commandsOf(page('```sh title="all"', 'a', '``` ', '', '```sh', 'b', '```'))).toEqual([
      { text: 'a', line: 2 },
      { text: 'b', line: 6 },
    ]);
  });

  it('are found in a list', () => {
    expect(commandsOf(page('1. So:', '', '   ```sh', '   a \\', '     b', '   ```'))).toEqual([
      { text: 'a \\\n  b', line: 4 },
    ]);
  });

  it('have the answer that is shown right behind, which is the last one’s', () => {
    const answered = page('```sh', 'a', 'b', '```', '', '```json', '{}', '```');
    expect(commandsOf(answered).map(({ answer }) => answer)).toEqual([undefined, '{}\n']);
    const apart = page('```sh', 'a', '```', 'Something else:', '```text', 'x', '```');
    expect(commandsOf(apart)).toEqual([{ text: 'a', line: 2 }]);
  });
});

describe('an answer', () => {
  it('is as shown, but for white space and what an ellipsis stands for', () => {
    expect(isAnsweredBy('{"id":"7","sum":1}\n', '{ "id": "…", "sum": 1 }')).toBe(true);
    expect(isAnsweredBy('{"id":"7","sum":2}\n', '{ "id": "…", "sum": 1 }')).toBe(false);
    expect(isAnsweredBy('{"id":"7","sum":1}, and more', '{ "id": "…", "sum": 1 }')).toBe(false);
    expect(isAnsweredBy('', '{}')).toBe(false);
  });
});
