import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { forwardedMetadata } from './forwarded-metadata.js';

const binary = (text: string) => forwardedMetadata({ 'grpc-metadata-x-bin': text })?.['x-bin'];

describe('headers for the provider', () => {
  it('are those with the prefix alone, without the names of the system', () => {
    const headers = { 'grpc-metadata-x': '1', 'grpc-metadata-authorization': 'Bearer x', accept: '*/*' };
    expect(forwardedMetadata(headers)).toEqual({ x: '1' });
    expect(forwardedMetadata({ accept: '*/*' })).toBeUndefined();
  });

  it('carry bytes as base64, padded or not', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 20 }), (bytes) => {
        const text = Buffer.from(bytes).toString('base64');
        expect(binary(text)).toEqual(Buffer.from(bytes));
        expect(binary(text.replace(/=+$/, ''))).toEqual(Buffer.from(bytes));
      }),
    );
  });

  it.each(['no base64', 'a', 'YQ=', 'YQ===', '=', 'YQ==YQ==', 'YWI-', 'YQ==, Yg==', 'YWJj '])(
    'are refused by name when what should be bytes is %j',
    (text) => {
      const problem = expect.objectContaining({ status: 400, code: 'METADATA_INVALID' });
      const refused = expect.objectContaining({ problem, message: 'Grpc-Metadata-x-bin: the value must be base64' });
      expect(() => binary(text)).toThrow(refused);
    },
  );

  it('are refused by name when text is not ASCII', () => {
    expect(() => forwardedMetadata({ 'grpc-metadata-x': 'größe' })).toThrow(/^Grpc-Metadata-x: /);
  });
});
