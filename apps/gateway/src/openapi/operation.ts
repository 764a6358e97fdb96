import type { DescField, DescMessage } from '@bufbuild/protobuf';

import { parameterReader } from '../routing/parameter-value.js';
import type { RouteOffer } from '../routing/route-offer.js';
import { fieldOf } from '../routing/request-reader.js';
import type { Route } from '../routing/route-table.js';
import { openApiPath } from './path.js';
import type { JsonSchema, SchemaCollection } from './schema.js';
import { streamResponses } from './stream-responses.js';

/** Nested messages are offered as query parameters this deep; deeper ones work too, but nobody wants to read them. */
const QUERY_DEPTH = 3;
const PROBLEM = {
  description: 'A problem (RFC 9457).',
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
};

/** The newest version of a route as an OpenAPI operation; `names` are those of its path's parameters. */
export function operationOf(
  route: Route,
  offer: RouteOffer,
  names: readonly string[],
  schemas: SchemaCollection,
): JsonSchema {
  const { descriptor, method } = offer;
  const { isPublic, scopes } = method.access;
  return {
    operationId: `${method.path.slice(1).replace('/', '.')}${offer.binding.method}${offer.template.signature}`.replace(
      /[^\w.]+/g,
      '_',
    ),
    tags: [descriptor.parent.typeName],
    'x-service': route.service,
    parameters: [...pathParameters(offer, names, schemas), ...queryParameters(offer, schemas)],
    ...requestBody(offer, schemas),
    responses: {
      ...(method.responseStream ? streamResponses(answer(offer, schemas)) : { 200: response(answer(offer, schemas)) }),
      default: PROBLEM,
    },
    security: isPublic ? [] : [{ bearer: [...scopes] }],
    ...(descriptor.deprecated ? { deprecated: true } : {}),
  };
}

function pathParameters(
  { template, descriptor }: RouteOffer,
  names: readonly string[],
  schemas: SchemaCollection,
): JsonSchema[] {
  return openApiPath(template).places.map(({ variable, isWhole, isOpen }, index) => {
    const field = isWhole ? leafOf(descriptor.input, variable?.field.split('.') ?? []) : undefined;
    const schema = field === undefined ? { type: 'string' } : schemas.ofField(field);
    const description = isOpen ? { description: 'May hold several segments, with slashes between them.' } : {};
    return { name: names[index], in: 'path', required: true, schema, ...description };
  });
}

function leafOf(type: DescMessage, steps: readonly string[]): DescField {
  const [step = '', ...rest] = steps;
  const field = type.fields.find((one) => one.name === step || one.jsonName === step) ?? fieldOf(type, step);
  return rest.length === 0 || field.fieldKind !== 'message' ? field : leafOf(field.message, rest);
}

function queryParameters(offer: RouteOffer, schemas: SchemaCollection): JsonSchema[] {
  const { body } = offer.binding;
  if (body === '*') return [];
  const taken = new Set([body, ...offer.template.variables.map((variable) => variable.field)]);
  return parametersOf(offer.descriptor.input, '', '', taken, QUERY_DEPTH, schemas);
}

function parametersOf(
  type: DescMessage,
  jsonPrefix: string,
  namePrefix: string,
  taken: ReadonlySet<string>,
  depth: number,
  schemas: SchemaCollection,
): JsonSchema[] {
  return type.fields.flatMap((field) => {
    const name = `${namePrefix}${field.name}`;
    const jsonName = `${jsonPrefix}${field.jsonName}`;
    if (taken.has(name) || taken.has(jsonName)) return [];
    if (parameterReader(field) !== undefined) return [{ name: jsonName, in: 'query', schema: schemas.ofField(field) }];
    if (field.fieldKind !== 'message' || depth === 0) return [];
    return parametersOf(field.message, `${jsonName}.`, `${name}.`, taken, depth - 1, schemas);
  });
}

function requestBody(offer: RouteOffer, schemas: SchemaCollection): JsonSchema {
  const { body } = offer.binding;
  if (body === '') return {};
  const { input } = offer.descriptor;
  const schema = body === '*' ? schemas.ofMessage(input) : schemas.ofField(fieldOf(input, body));
  return { requestBody: { required: true, content: { 'application/json': { schema } } } };
}

/** The schema of what is answered, or of one message where that is a stream. */
function answer(offer: RouteOffer, schemas: SchemaCollection): JsonSchema {
  const { responseBody } = offer.binding;
  const { output } = offer.descriptor;
  return responseBody === '' ? schemas.ofMessage(output) : schemas.ofField(fieldOf(output, responseBody));
}

function response(schema: JsonSchema): JsonSchema {
  return { description: 'OK', content: { 'application/json': { schema } } };
}
