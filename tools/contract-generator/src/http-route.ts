import { MethodOptions_IdempotencyLevel as Level } from '@bufbuild/protobuf/wkt';
import type { DescMethod } from '@bufbuild/protobuf';
import type { Problems } from './contract-error.js';
import type { ContractSet } from './contract-set.js';
import { resolveField } from './field-path.js';

interface HttpRule {
  readonly pattern: { readonly case?: string; readonly value?: unknown };
  readonly body: string;
  readonly responseBody: string;
  readonly additionalBindings: readonly HttpRule[];
}

const VERBS = new Set(['get', 'put', 'post', 'delete', 'patch']);
const WITHOUT_BODY = new Set(['get', 'delete']);

/** Checks the `google.api.http` options of all methods against their messages and each other. */
export class HttpRoutes {
  private readonly owners = new Map<string, DescMethod>();

  constructor(
    private readonly contracts: ContractSet,
    private readonly problems: Problems,
  ) {}

  check(method: DescMethod): void {
    const rule = this.contracts.option<HttpRule>(method, 'google.api.http');
    if (rule === undefined) return;
    const access = this.contracts.option<{ internal: boolean }>(method, 'rookery.options.v1.access');
    if (access?.internal === true) this.refuse(method, 'is internal, so it cannot have an http route');
    if (method.methodKind === 'client_streaming' || method.methodKind === 'bidi_streaming') {
      this.refuse(method, 'takes a stream of requests, which an http route cannot carry');
    }
    for (const binding of [rule, ...rule.additionalBindings]) this.checkBinding(method, binding);
  }

  private checkBinding(method: DescMethod, rule: HttpRule): void {
    const { case: verb, value } = rule.pattern;
    if (verb === undefined || !VERBS.has(verb) || typeof value !== 'string') {
      this.refuse(method, 'its http route needs one of get, put, post, delete and patch');
      return;
    }
    if (rule.responseBody !== '') {
      this.refuse(
        method,
        'its http route has a response_body, which the gateway does not serve: the response is the whole message',
      );
    }
    this.checkTemplate(method, verb, value);
    this.checkBody(method, verb, rule);
    if (verb === 'get' && method.idempotency !== Level.NO_SIDE_EFFECTS) {
      this.refuse(method, 'has a get route, so its idempotency_level must be NO_SIDE_EFFECTS');
    }
  }

  private checkTemplate(method: DescMethod, verb: string, template: string): void {
    const parsed = parseTemplate(template);
    if (parsed === undefined) {
      this.refuse(
        method,
        `its http path "${template}" is malformed: expected such as /v1/orders/{order_id} or /v1/orders/{id}:cancel`,
      );
      return;
    }
    for (const name of parsed.variables) this.checkVariable(method, template, name);
    if (new Set(parsed.variables).size < parsed.variables.length) {
      this.refuse(method, `its http path "${template}" uses a variable twice`);
    }
    this.claim(method, `${verb.toUpperCase()} ${parsed.shape}`);
  }

  /** Two services may both claim a route, while one of them moves; the gateway then keeps to the first that it met. */
  private claim(method: DescMethod, route: string): void {
    const owner = this.owners.get(route);
    this.owners.set(route, owner ?? method);
    if (owner === undefined) return;
    const description = `its http route ${route} is that of ${fullNameOf(owner)}`;
    if (owner.parent === method.parent) this.refuse(method, description);
    else this.problems.note(method.parent.file.proto.name, fullNameOf(method), description);
  }

  private checkVariable(method: DescMethod, template: string, name: string): void {
    const found = resolveField(method.input, name);
    if ('error' in found) {
      this.refuse(method, `in its http path "${template}" the variable {${name}} ${found.error}`);
    } else if (found.field.fieldKind !== 'scalar' && found.field.fieldKind !== 'enum') {
      this.refuse(
        method,
        `in its http path "${template}" the variable {${name}} names a ${found.field.fieldKind} field`,
      );
    }
  }

  private checkBody(method: DescMethod, verb: string, { body }: HttpRule): void {
    if (body !== '' && WITHOUT_BODY.has(verb)) this.refuse(method, `a ${verb} route has no body`);
    if (body !== '' && body !== '*' && !method.input.fields.some(({ name }) => name === body)) {
      this.refuse(method, `its http body names no field: ${method.input.typeName} has no "${body}"`);
    }
  }

  private refuse(method: DescMethod, description: string): void {
    this.problems.add(method.parent.file.proto.name, fullNameOf(method), description);
  }
}

function fullNameOf(method: DescMethod): string {
  return `${method.parent.typeName}.${method.name}`;
}

interface Template {
  readonly variables: readonly string[];
  /** The path with each variable replaced by what it matches, so that two routes that mean the same are equal. */
  readonly shape: string;
}

const NAME = '[a-z][a-zA-Z0-9_]*';
const LITERAL = "[A-Za-z0-9._~!$&'()+,;=@-]+";
const SEGMENT = `(?:\\*\\*|\\*|${LITERAL})`;
const VARIABLE = `\\{${NAME}(?:\\.${NAME})*(?:=${SEGMENT}(?:/${SEGMENT})*)?\\}`;
const TEMPLATE = new RegExp(`^(?:/(?:${VARIABLE}|${SEGMENT}))+(?::${LITERAL})?$`);

function parseTemplate(template: string): Template | undefined {
  if (!TEMPLATE.test(template)) return undefined;
  const variables: string[] = [];
  const shape = template.replaceAll(
    /\{([^}=]+)(?:=([^}]+))?\}/g,
    (_match, name: string, segments: string | undefined) => {
      variables.push(name);
      return segments ?? '*';
    },
  );
  return { variables, shape };
}
