import type { DescField, DescMessage } from '@bufbuild/protobuf';

import { TranscodingError } from '../transcoding/transcoding-error.js';
import { parameterReader } from './parameter-value.js';

/** A field of the request that a path variable or a query parameter can set. */
export interface Parameter {
  readonly fields: readonly DescField[];
  readonly isList: boolean;
  /** From the text in the URL to the value in JSON. */
  readonly read: (text: string) => unknown;
}

const MOST_REMEMBERED = 500;
const DEEPEST_PATH = 10;

/** Resolves names such as `order.customer_id` or `order.customerId` against a request type, and remembers the results. */
export class RequestParameters {
  private readonly known = new Map<string, Parameter>();

  constructor(private readonly type: DescMessage) {}

  /** Throws TranscodingError that names the parameter when it is no field that a URL can set. */
  resolve(name: string): Parameter {
    const known = this.known.get(name);
    if (known !== undefined) return known;
    const parameter = this.resolveAnew(name);
    // A type that contains itself has paths without end.
    if (this.known.size < MOST_REMEMBERED) this.known.set(name, parameter);
    return parameter;
  }

  private resolveAnew(name: string): Parameter {
    const steps = name.split('.');
    if (steps.length > DEEPEST_PATH) throw new TranscodingError('the path is too deep', name);
    const fields: DescField[] = [];
    let type: DescMessage | undefined = this.type;
    for (const step of steps) {
      const field: DescField | undefined = type?.fields.find((one) => one.jsonName === step || one.name === step);
      if (field === undefined) throw new TranscodingError('the contract has no such parameter', name);
      fields.push(field);
      type = field.fieldKind === 'message' ? field.message : undefined;
    }
    const read = parameterReader(fields.at(-1) as DescField);
    if (read === undefined) throw new TranscodingError('a message or map cannot be set in the URL', name);
    return { fields, isList: fields.at(-1)?.fieldKind === 'list', read };
  }
}

type Json = Record<string, unknown>;

/** Sets a parameter in the JSON form of the request, making the objects on the way. Lists grow; all else is set once. */
export function setParameter(request: Json, parameter: Parameter, name: string, text: string): void {
  const target = innermost(request, parameter, name);
  const field = parameter.fields.at(-1) as DescField;
  const key = keyIn(target, field);
  const value = parameter.read(text);
  if (parameter.isList) {
    const list = own(target, key) ?? [];
    if (!Array.isArray(list)) throw new TranscodingError('set twice in different ways', name);
    list.push(value);
    target[key] = list;
    return;
  }
  if (own(target, key) !== undefined) throw new TranscodingError('given more than once', name);
  target[key] = value;
}

/** Sets what the path says. A body may say the same again, as it does when a client sends back what it has read. */
export function setFromPath(request: Json, parameter: Parameter, name: string, text: string): void {
  const target = innermost(request, parameter, name);
  const key = keyIn(target, parameter.fields.at(-1) as DescField);
  const inBody = own(target, key);
  if (inBody !== undefined && inBody !== null && !isSameText(inBody, text)) {
    throw new TranscodingError('the body and the path say different things', name);
  }
  target[key] = parameter.read(text);
}

function isSameText(value: unknown, text: string): boolean {
  return (typeof value === 'string' ? value : JSON.stringify(value)) === text;
}

function innermost(request: Json, parameter: Parameter, name: string): Json {
  let target = request;
  for (const field of parameter.fields.slice(0, -1)) {
    const key = keyIn(target, field);
    const inner = own(target, key) ?? {};
    if (typeof inner !== 'object' || Array.isArray(inner))
      throw new TranscodingError('expected an object in the body', name);
    target[key] = inner;
    target = inner as Json;
  }
  return target;
}

/** Not what every object inherits: a field may be called `constructor`. */
function own(target: Json, key: string): unknown {
  return Object.hasOwn(target, key) ? target[key] : undefined;
}

/** The spelling of a field that is in use already, so that one field never stands there under both. */
function keyIn(target: Json, field: DescField): string {
  return Object.hasOwn(target, field.name) ? field.name : field.jsonName;
}
