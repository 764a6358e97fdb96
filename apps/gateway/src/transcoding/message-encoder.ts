import type { DescField, DescMessage } from '@bufbuild/protobuf';

import { type FieldWriter, type MessageEncoder, type MessageEncoders, fieldWriter } from './field-encoder.js';
import { refuseDepth } from './nesting.js';
import { TranscodingError, inside, mismatch } from './transcoding-error.js';
import type { WireWriter } from './wire-writer.js';

interface Field {
  readonly desc: DescField;
  readonly write: FieldWriter;
  /** Position among the message's oneofs; undefined outside any. */
  readonly oneof: number | undefined;
  /** `null` is a value of its own here, elsewhere it means that the field is absent. */
  readonly takesNull: boolean;
  /** This entry answers to the original name, and the field has another one in JSON. */
  readonly isAlias: boolean;
}

/** The encoder of an ordinary message: both spellings of each field, unknown names refused, one member of each oneof. */
export class PlainMessageEncoder implements MessageEncoder {
  private readonly fields = new Map<string, Field>();
  private readonly hasOneofs: boolean;

  constructor(type: DescMessage) {
    this.hasOneofs = type.oneofs.length > 0;
  }

  /** Completes the encoder. Apart from the constructor because messages may contain themselves. */
  compile(type: DescMessage, messages: MessageEncoders): void {
    for (const desc of type.fields) {
      const write = fieldWriter(desc, messages);
      const oneof = desc.oneof === undefined ? undefined : type.oneofs.indexOf(desc.oneof);
      const field = { desc, write, oneof, takesNull: takesNull(desc) };
      if (desc.name !== desc.jsonName) this.fields.set(desc.name, { ...field, isAlias: true });
      this.fields.set(desc.jsonName, { ...field, isAlias: false });
    }
  }

  write(value: unknown, writer: WireWriter, depth: number): void {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw mismatch('an object', value);
    refuseDepth(depth);
    const record = value as Record<string, unknown>;
    const chosen: string[] | undefined = this.hasOneofs ? [] : undefined;
    let name = '';
    try {
      for (name in record) this.writeField(record, name, writer, depth, chosen);
    } catch (error) {
      throw inside(error, name);
    }
  }

  private writeField(
    record: Record<string, unknown>,
    name: string,
    writer: WireWriter,
    depth: number,
    chosen: string[] | undefined,
  ): void {
    const field = this.fields.get(name);
    if (field === undefined) throw new TranscodingError('the contract has no such field');
    const value = record[name];
    if (field.isAlias && Object.hasOwn(record, field.desc.jsonName)) {
      throw new TranscodingError(`given twice, also as ${field.desc.jsonName}`);
    }
    if (value === null && !field.takesNull) return;
    if (chosen !== undefined && field.oneof !== undefined) choose(chosen, field.oneof, name);
    field.write(value, writer, depth);
  }
}

function choose(chosen: string[], oneof: number, name: string): void {
  const other = chosen[oneof];
  if (other !== undefined) throw new TranscodingError(`only one of ${other} and ${name} may be set`);
  chosen[oneof] = name;
}

function takesNull(field: DescField): boolean {
  if (field.fieldKind === 'message') return field.message.typeName === 'google.protobuf.Value';
  return field.fieldKind === 'enum' && field.enum.typeName === 'google.protobuf.NullValue';
}
