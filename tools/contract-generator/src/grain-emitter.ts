import type { DescMethod, DescService } from '@bufbuild/protobuf';
import { propertyOfMethod } from './method-contract.js';
import { grainNameOf, identifierOf, typeOf } from './naming.js';
import { commentOf } from './source-comment.js';

/** The names that a service's module exports beside the others when the service is a grain's protocol. */
export function grainExportsOf(service: DescService): string[] {
  const name = grainNameOf(service);
  return [`type ${name}`, `${name}Client`];
}

/** What a grain class implements and what its callers hold. The context's type belongs to a library that contracts do not know. */
export function emitGrain(service: DescService): string {
  const name = grainNameOf(service);
  return `/** What a grain of the kind ${service.typeName} has. */
  export interface ${name}<Context = unknown> {
    ${service.methods.map(emitGrainMethod).join('\n\n')}
  }

  /** One grain of the kind ${service.typeName}, wherever it is active. */
  export abstract class ${name}Client {
    static readonly definition = ${identifierOf(service)}Definition;

    ${service.methods.map(emitClientMethod).join('\n\n')}
  }`;
}

function emitGrainMethod(method: DescMethod): string {
  const response = typeOf(method.output);
  return `${commentOf(method)}${propertyOfMethod(method)}(request: ${typeOf(method.input)}, context: Context): ${response} | Promise<${response}>;`;
}

function emitClientMethod(method: DescMethod): string {
  return `${commentOf(method)}abstract ${propertyOfMethod(method)}(request: ${typeOf(method.input)}, options?: GrainCallOptions): Promise<${typeOf(method.output)}>;`;
}
