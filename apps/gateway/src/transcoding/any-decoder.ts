import type { MessageDecoder } from './field-decoder.js';
import { hasOwnJsonForm } from './well-known-types.js';
import type { WireReader } from './wire-reader.js';

const TYPE_URL_TAG = 0x0a;
const VALUE_TAG = 0x12;

/** The reverse of AnyEncoder. A type that the contract does not know has no JSON form and fails the whole message. */
export class AnyDecoder implements MessageDecoder {
  constructor(private readonly decoderOf: (typeName: string) => MessageDecoder | undefined) {}

  read(reader: WireReader, end: number): string {
    let url = '';
    let from = end;
    let to = end;
    while (reader.position < end) {
      const tag = reader.uint32();
      if (tag !== TYPE_URL_TAG && tag !== VALUE_TAG) {
        reader.skip(tag & 7);
        continue;
      }
      const stop = reader.delimited();
      if (tag === TYPE_URL_TAG) url = reader.buffer.toString('utf8', reader.position, stop);
      else [from, to] = [reader.position, stop];
      reader.position = stop;
    }
    return url === '' && from === to ? '{}' : this.textOf(url, reader, from, to);
  }

  private textOf(url: string, reader: WireReader, from: number, to: number): string {
    const typeName = url.slice(url.lastIndexOf('/') + 1);
    const decoder = this.decoderOf(typeName);
    if (decoder === undefined)
      throw new TypeError(`the contract does not know the type ${JSON.stringify(typeName)} held by an Any`);
    const behind = reader.position;
    reader.position = from;
    reader.enter();
    const text = decoder.read(reader, to);
    reader.leave();
    reader.position = behind;
    const head = `{"@type":${JSON.stringify(url)}`;
    if (hasOwnJsonForm(typeName)) return `${head},"value":${text}}`;
    return text === '{}' ? `${head}}` : `${head},${text.slice(1)}`;
  }
}
