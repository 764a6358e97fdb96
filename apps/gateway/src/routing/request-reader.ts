import type { DescField, DescMessage, DescMethod } from '@bufbuild/protobuf';

import type { Contract } from '../contracts/contract.js';
import type { MessageEncoder } from '../transcoding/field-encoder.js';
import { TranscodingError } from '../transcoding/transcoding-error.js';
import { WireWriter } from '../transcoding/wire-writer.js';
import type { HttpBinding } from './method-options.js';
import { type PathTemplate, type PathVariable, TemplateError } from './path-template.js';
import { variableText } from './path-variables.js';
import { eachParameter } from './query-text.js';
import { type Parameter, RequestParameters, setFromPath, setParameter } from './request-parameters.js';

/** The parts of an HTTP request that a message is made of. */
export interface RequestParts {
  readonly segments: readonly string[];
  /** Behind the question mark; empty without one. */
  readonly query: string;
  /** The parsed body of a route that takes one; undefined when the body is empty. Belongs to the reader, which may change it. */
  readonly body: unknown;
}

interface BoundVariable {
  readonly variable: PathVariable;
  readonly parameter: Parameter;
}

/** Nothing of a message outlives the turn in which it is encoded, so one writer serves all. */
const writer = new WireWriter();

/** Makes the request message of one binding of one contract's method: path, query and body put together, then encoded. */
export class RequestReader {
  readonly takesBody: boolean;
  private readonly encoder: MessageEncoder;
  private readonly parameters: RequestParameters;
  private readonly variables: readonly BoundVariable[];
  private readonly bodyField: DescField | undefined;
  private readonly isBodyWhole: boolean;

  /** Throws TemplateError when the binding does not fit the request type. */
  constructor(method: DescMethod, binding: HttpBinding, template: PathTemplate, contract: Contract) {
    this.encoder = contract.encoders.encoderOf(method.input);
    this.parameters = new RequestParameters(method.input);
    this.variables = template.variables.map((variable) => ({ variable, parameter: this.bind(variable) }));
    this.isBodyWhole = binding.body === '*';
    this.bodyField = this.isBodyWhole || binding.body === '' ? undefined : fieldOf(method.input, binding.body);
    this.takesBody = binding.body !== '';
  }

  /** The encoded message. Throws TranscodingError that names what the contract does not take. */
  read(parts: RequestParts): Uint8Array {
    const request = this.fromBody(parts.body);
    for (const { variable, parameter } of this.variables) {
      setFromPath(request, parameter, variable.field, variableText(variable, parts.segments));
    }
    if (parts.query !== '') eachParameter(parts.query, (name, text) => this.addParameter(request, name, text));
    writer.reset();
    this.encoder.write(request, writer, 0);
    return writer.finish();
  }

  private fromBody(body: unknown): Record<string, unknown> {
    if (body === undefined || !this.takesBody) return {};
    if (this.bodyField !== undefined) return { [this.bodyField.jsonName]: body };
    if (typeof body !== 'object' || body === null || Array.isArray(body)) {
      throw new TranscodingError('expected the body to be a JSON object');
    }
    return body as Record<string, unknown>;
  }

  private addParameter(request: Record<string, unknown>, name: string, text: string): void {
    if (this.isBodyWhole)
      throw new TranscodingError('this route takes no query parameters: every field stands in the body', name);
    const parameter = this.parameters.resolve(name);
    if (parameter.fields[0] === this.bodyField) throw new TranscodingError('belongs into the body', name);
    if (this.variables.some((bound) => isSameField(bound.parameter, parameter))) {
      throw new TranscodingError('is set by the path', name);
    }
    setParameter(request, parameter, name, text);
  }

  private bind(variable: PathVariable): Parameter {
    const parameter = resolveOrRefuse(this.parameters, variable.field);
    if (parameter.isList) throw new TemplateError(`{${variable.field}} is a list, which a path cannot set`);
    return parameter;
  }
}

function resolveOrRefuse(parameters: RequestParameters, field: string): Parameter {
  try {
    return parameters.resolve(field);
  } catch (error) {
    throw error instanceof TranscodingError ? new TemplateError(`{${field}}: ${error.description}`) : error;
  }
}

function isSameField(one: Parameter, other: Parameter): boolean {
  return one.fields.length === other.fields.length && one.fields.every((field, index) => field === other.fields[index]);
}

/** The field of a type by its original name. */
export function fieldOf(type: DescMessage, name: string): DescField {
  const field = type.fields.find((one) => one.name === name);
  if (field === undefined) throw new TemplateError(`${type.typeName} has no field ${name}`);
  return field;
}
