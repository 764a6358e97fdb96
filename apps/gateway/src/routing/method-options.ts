import type { DescMethod } from '@bufbuild/protobuf';
import { googleApi, options } from '@rookery/contracts/messages';

/** Numbers of the extensions of google.protobuf.MethodOptions. */
const HTTP_RULE = 72295728;
const ACCESS = 50601;
const ROUTING_KEY = 50602;
const LENGTH_DELIMITED = 2;

/** One way to reach a method over HTTP. */
export interface HttpBinding {
  /** Upper case; `*` takes every method. */
  readonly method: string;
  readonly path: string;
  /** `*`, a field of the request, or empty when the request has no body. */
  readonly body: string;
  /** The field of the response that is sent; empty sends all of it. */
  readonly responseBody: string;
}

/** Who may call; undefined when the contract does not say, which lets nobody in. */
export interface Access {
  readonly scopes: readonly string[];
  readonly isPublic: boolean;
  readonly isInternal: boolean;
}

/** The bindings of `google.api.http`, additional ones included; empty without the option. Throws for bytes that are no rule. */
export function httpBindingsOf(method: DescMethod): readonly HttpBinding[] {
  const rules = extension(method, HTTP_RULE).map((bytes) => googleApi.HttpRule.decode(bytes));
  return rules.flatMap((rule) => [rule, ...rule.additionalBindings]).map(bindingOf);
}

export function accessOf(method: DescMethod): Access | undefined {
  const bytes = extension(method, ACCESS);
  if (bytes.length === 0) return undefined;
  const access = options.Access.decode(Buffer.concat(bytes));
  if (!access.public && !access.internal && access.scopes.length === 0) return undefined;
  return { scopes: access.scopes, isPublic: access.public, isInternal: access.internal };
}

/** The path of the request field that picks the owner; undefined when any instance may answer. */
export function routingKeyOf(method: DescMethod): string | undefined {
  const bytes = extension(method, ROUTING_KEY).at(-1);
  return bytes === undefined ? undefined : Buffer.from(bytes).toString();
}

/** The values of an extension, straight from the bytes: the contract may come without the file that defines it. */
function extension(method: DescMethod, number: number): Uint8Array[] {
  const unknown = method.proto.options?.$unknown ?? [];
  return unknown
    .filter((field) => field.no === number && (field.wireType as number) === LENGTH_DELIMITED)
    .map((field) => withoutLength(field.data));
}

function withoutLength(data: Uint8Array): Uint8Array {
  let size = 0;
  while (((data[size] ?? 0) & 0x80) !== 0) size++;
  return data.subarray(size + 1);
}

function bindingOf(rule: googleApi.HttpRule): HttpBinding {
  const [method, path] = methodAndPath(rule);
  return { method, path, body: rule.body, responseBody: rule.responseBody };
}

function methodAndPath(rule: googleApi.HttpRule): [string, string] {
  for (const name of ['get', 'put', 'post', 'delete', 'patch'] as const) {
    const path = rule[name];
    if (path !== undefined) return [name.toUpperCase(), path];
  }
  return [rule.custom?.kind.toUpperCase() ?? '', rule.custom?.path ?? ''];
}
