import type { DescFile, DescMessage, DescMethod, DescService } from '@bufbuild/protobuf';
import type { ContractModel } from './contract-model.js';
import { commentOf } from './source-comment.js';
import { emitGrain, grainExportsOf } from './grain-emitter.js';
import { HEADER } from './messages-emitter.js';
import { propertyOfMethod } from './method-contract.js';
import { identifierOf, namespaceOf, registryNameOf, typeOf } from './naming.js';
import { checkerOf, ValidatorEmitter } from './validator-emitter.js';

/** What generated modules may import from the one of definitions. */
const TYPES = [
  'CallContext',
  'CallOptions',
  'FieldViolation',
  'GrainCallOptions',
  'MethodDefinition',
  'ServiceDefinition',
];

/** The names that a service's module exports for use outside the library. */
export function exportsOf(model: ContractModel, service: DescService): string[] {
  const name = identifierOf(service);
  const grain = model.grains.has(service) ? grainExportsOf(service) : [];
  return [`${name}Client`, `type ${name}Controller`, `${name}ControllerMethods`, `${name}Definition`, ...grain];
}

/** The module of one proto file under nest/: its services, and the checks of its messages. Undefined when it has neither. */
export function emitServiceModule(model: ContractModel, file: DescFile): string | undefined {
  const validators = new ValidatorEmitter(model);
  const checks = validators.emit(file).trim();
  if (checks === '' && file.services.length === 0) return undefined;
  const services = file.services.map((service) => emitService(model, service));
  const called = file.services.flatMap((service) => service.methods.map((method) => method.input));
  const foreign = [
    ...called.filter((input) => input.file !== file && model.ruled.has(input)),
    ...validators.foreignMessages(file),
  ];
  const body = [checks, ...services].filter((part) => part !== '').join('\n\n');
  return [HEADER, emitImports(file, foreign, body), body].join('\n');
}

/** Only names that the body uses, so that the compiler has nothing to say. */
function emitImports(file: DescFile, foreign: readonly DescMessage[], body: string): string {
  const up = '../'.repeat(file.name.split('/').length);
  const top = file.name.includes('/') ? up.slice(3) : './';
  const isUsed = (name: string): boolean => new RegExp(`\\b${name}\\b`).test(body);
  const usedOf = (names: readonly string[]): string => names.filter(isUsed).join(', ');
  const lines: string[] = [];
  if (isUsed('Observable')) lines.push(`import type { Observable } from 'rxjs';`);
  const namespaces = [...new Set(typesUsed(file).map((message) => namespaceOf(message.file.proto.package)))].filter(
    isUsed,
  );
  if (namespaces.length > 0) {
    const keyword = file.services.length > 0 ? 'import' : 'import type';
    lines.push(`${keyword} { ${namespaces.sort().join(', ')} } from '${up}messages/index.js';`);
  }
  const bindings = usedOf(['bindController']);
  if (bindings !== '')
    lines.push(`import { bindController, type ControllerClass } from '${top}controller-methods.js';`);
  const checks = usedOf(['isLonger', 'isShorter', 'nest', 'NONE', 'report']);
  if (checks !== '') lines.push(`import { ${checks} } from '${top}field-violations.js';`);
  const types = usedOf(TYPES);
  lines.push(`import type { ${types} } from '${top}service-definition.js';`);
  for (const message of new Set(foreign)) {
    lines.push(`import { ${checkerOf(message)} } from '${top}${message.file.name}.js';`);
  }
  return `${lines.join('\n')}\n`;
}

function typesUsed(file: DescFile): DescMessage[] {
  const ofMethods = file.services.flatMap(({ methods }) => methods.flatMap(({ input, output }) => [input, output]));
  return [...ofMethods, ...file.messages];
}

function emitService(model: ContractModel, service: DescService): string {
  const name = identifierOf(service);
  const methods = service.methods.map((method) => emitDefinition(model, method));
  const table = service.methods.map(
    (method) =>
      `readonly ${propertyOfMethod(method)}: MethodDefinition<${typeOf(method.input)}, ${typeOf(method.output)}>;`,
  );
  const about = commentOf(service);
  return `/** The methods of ${service.typeName}, by property. */
  export interface ${name}Methods { ${table.join('\n')} }

  const ${methodsOf(service)}: ${name}Methods = { ${methods.join(',\n')} };

  export const ${name}Definition: ServiceDefinition & { readonly method: ${name}Methods } = {
    name: '${service.typeName}',
    service: '${registryNameOf(service.file.proto.package)}',
    isGrain: ${model.grains.has(service)},
    methods: [${service.methods.map((method) => `${methodsOf(service)}.${propertyOfMethod(method)}`).join(', ')}],
    method: ${methodsOf(service)},
  };

  ${about}export abstract class ${name}Client {
    static readonly definition = ${name}Definition;

    ${service.methods.map(emitClientMethod).join('\n\n')}
  }

  /** What a Nest controller of ${service.typeName} has. */
  export interface ${name}Controller {
    ${service.methods.map(emitControllerMethod).join('\n\n')}
  }

  /** Marks a controller of ${service.typeName}: each of its methods becomes the handler of the method's path. */
  export function ${name}ControllerMethods(): (controller: ControllerClass<${name}Controller>) => void {
    return (controller) => bindController(${name}Definition, controller);
  }${model.grains.has(service) ? `\n\n${emitGrain(service)}` : ''}`;
}

function methodsOf(service: DescService): string {
  const name = identifierOf(service);
  return `${name.charAt(0).toLowerCase()}${name.slice(1)}Methods`;
}

function emitDefinition(model: ContractModel, method: DescMethod): string {
  const contract = model.methods.get(method);
  if (contract === undefined) throw new Error(`${method.name} was not read`);
  const { access } = contract;
  const scopes = access.scopes.map((scope) => JSON.stringify(scope)).join(', ');
  const validate = model.ruled.has(method.input)
    ? `(request) => ${checkerOf(method.input)}(request) ?? NONE`
    : 'undefined';
  return `${propertyOfMethod(method)}: {
    name: '${method.name}',
    property: '${propertyOfMethod(method)}',
    path: '/${method.parent.typeName}/${method.name}',
    requestStream: ${takesStream(method)},
    responseStream: ${returnsStream(method)},
    idempotency: '${contract.idempotency}',
    access: { scopes: [${scopes}], isPublic: ${access.public}, isInternal: ${access.internal} },
    routingKey: ${contract.routingKey === undefined ? 'undefined' : `'${contract.routingKey}'`},
    request: ${typeOf(method.input)},
    response: ${typeOf(method.output)},
    validate: ${validate},
  }`;
}

function emitClientMethod(method: DescMethod): string {
  const response = returnsStream(method)
    ? `AsyncIterable<${typeOf(method.output)}>`
    : `Promise<${typeOf(method.output)}>`;
  return `${commentOf(method)}abstract ${propertyOfMethod(method)}(${requestOf(method)}, options?: CallOptions): ${response};`;
}

function emitControllerMethod(method: DescMethod): string {
  const type = typeOf(method.output);
  const response = returnsStream(method)
    ? `AsyncIterable<${type}> | Observable<${type}>`
    : `${type} | Promise<${type}> | Observable<${type}>`;
  return `${commentOf(method)}${propertyOfMethod(method)}(${requestOf(method)}, context: CallContext): ${response};`;
}

function requestOf(method: DescMethod): string {
  return takesStream(method) ? `requests: AsyncIterable<${typeOf(method.input)}>` : `request: ${typeOf(method.input)}`;
}

function takesStream({ methodKind }: DescMethod): boolean {
  return methodKind === 'client_streaming' || methodKind === 'bidi_streaming';
}

function returnsStream({ methodKind }: DescMethod): boolean {
  return methodKind === 'server_streaming' || methodKind === 'bidi_streaming';
}
