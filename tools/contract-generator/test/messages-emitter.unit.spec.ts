import { describe, expect, it } from '@jest/globals';
import { reviseMessages } from '../src/messages-emitter.js';

describe('What ts-proto wrote', () => {
  it('is refused when a function to be replaced looks different from what is known', () => {
    const text = 'function longToNumber(int64: Long): number { return int64.toNumber(); }\n';
    expect(() => reviseMessages('a.ts', text)).toThrow(
      'a.ts: ts-proto writes longToNumber in another way than the generator knows',
    );
  });

  it('is refused when maps are filled in another way than is known', () => {
    expect(() => reviseMessages('a.ts', 'message.labels[entry1.key] = entry1.value;\n')).toThrow(
      'a.ts: ts-proto fills maps in another way than the generator knows',
    );
  });

  it('makes no empty array of bytes for each message', () => {
    const revised = reviseMessages(
      'a.ts',
      'const base = () => ({ body: new Uint8Array(0), more: new Uint8Array(0) });\n',
    );
    expect(revised).toContain('({ body: EMPTY_BYTES, more: EMPTY_BYTES })');
    expect(revised.match(/new Uint8Array\(0\)/g)).toHaveLength(1);
  });

  it('is left alone otherwise', () => {
    expect(reviseMessages('a.ts', 'export {};\n')).toBe(
      '// Generated from proto/ by `npm run generate`; do not edit.\nexport {};\n',
    );
  });
});
