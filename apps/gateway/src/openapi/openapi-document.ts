import type { Route, RouteTable } from '../routing/route-table.js';
import { type JsonSchema, SchemaCollection } from './schema.js';
import { operationOf, pathOf } from './operation.js';

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
  const paths: Record<string, Record<string, JsonSchema>> = {};
  for (const route of [...table.routes].sort(byName)) addRoute(route, paths, schemas);
  return JSON.stringify({
    openapi: '3.1.0',
    info: {
      title: 'Rookery',
      version: '1',
      description: 'All that the providers in the registry offer over HTTP right now.',
    },
    paths,
    components: {
      schemas: { Problem: PROBLEM_SCHEMA, ...schemas.schemas },
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
    },
  });
}

function byName(left: Route, right: Route): number {
  return left.name < right.name ? -1 : 1;
}

function addRoute(route: Route, paths: Record<string, Record<string, JsonSchema>>, schemas: SchemaCollection): void {
  const offer = route.versions[0]?.offer;
  if (offer === undefined || !METHODS.has(offer.binding.method)) return;
  const operations = (paths[pathOf(offer)] ??= {});
  operations[offer.binding.method.toLowerCase()] = operationOf(route, offer, schemas);
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
