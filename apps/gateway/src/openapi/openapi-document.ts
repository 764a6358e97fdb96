import type { Route, RouteTable } from '../routing/route-table.js';
import { type JsonSchema, SchemaCollection } from './schema.js';
import { operationOf } from './operation.js';
import { type PathPlace, openApiPath } from './path.js';

/** What OpenAPI 3.1 has a place for; a `custom` rule of another kind works but cannot be told. */
const METHODS = new Set(['GET', 'PUT', 'POST', 'DELETE', 'OPTIONS', 'HEAD', 'PATCH', 'TRACE']);

const PROBLEM_SCHEMA: JsonSchema = {
  type: 'object',
  required: ['type', 'title', 'status', 'code'],
  properties: {
    type: { type: 'string', format: 'uri', description: 'urn:rookery:problem:<code>' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    instance: { type: 'string', format: 'uri', description: 'urn:rookery:trace:<W3C trace id>' },
    code: { type: 'string', description: 'Stable, for machines.' },
    violations: {
      type: 'array',
      items: { type: 'object', properties: { field: { type: 'string' }, description: { type: 'string' } } },
    },
    metadata: { type: 'object', additionalProperties: { type: 'string' } },
  },
};

/** OpenAPI 3.1 of all routes, as JSON text. */
export function openApiText(table: RouteTable): string {
  const schemas = new SchemaCollection();
  const paths = new Map<string, DescribedPath>();
  for (const route of [...table.routes].sort(byName)) addRoute(route, paths, schemas);
  return JSON.stringify({
    openapi: '3.1.0',
    info: {
      title: 'Rookery',
      version: '1',
      description: 'All that the providers in the registry offer over HTTP right now.',
    },
    paths: Object.fromEntries([...paths.values()].map(({ path, operations }) => [path, operations])),
    components: {
      schemas: { Problem: PROBLEM_SCHEMA, ...schemas.schemas },
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
    },
  });
}

function byName(left: Route, right: Route): number {
  return left.name < right.name ? -1 : 1;
}

/** Paths that differ in nothing but the names of their parameters are one to OpenAPI; the first names hold. */
interface DescribedPath {
  readonly path: string;
  readonly places: readonly PathPlace[];
  readonly operations: Record<string, JsonSchema>;
}

function addRoute(route: Route, paths: Map<string, DescribedPath>, schemas: SchemaCollection): void {
  const offer = route.versions[0]?.offer;
  if (offer === undefined || !METHODS.has(offer.binding.method)) return;
  // Answered 501.
  if (offer.method.requestStream) return;
  const { signature } = offer.template;
  const described = paths.get(signature) ?? { ...openApiPath(offer.template), operations: {} };
  paths.set(signature, described);
  const names = described.places.map(({ name }) => name);
  described.operations[offer.binding.method.toLowerCase()] = operationOf(route, offer, names, schemas);
}

/** The document of the current table, written anew when the table is another. */
export class OpenApiDocument {
  private table: RouteTable | undefined;
  private text = '';

  of(table: RouteTable): string {
    if (table !== this.table) {
      this.text = openApiText(table);
      this.table = table;
    }
    return this.text;
  }
}
