/** One segment of a template: fixed text, any one segment (`*`), or all that is left (`**`). */
export type Segment =
  { readonly kind: 'literal'; readonly text: string } | { readonly kind: 'one' } | { readonly kind: 'rest' };

/** A field of the request that the path fills. */
export interface PathVariable {
  /** As in the template: `order.id`. */
  readonly field: string;
  /** The segments that it takes, `from` included, `to` not; undefined means to the end of the path. */
  readonly from: number;
  readonly to: number | undefined;
}

/** A path of `google.api.http`, such as `/v1/{name=shelves/*}/books:search`. */
export interface PathTemplate {
  readonly segments: readonly Segment[];
  readonly variables: readonly PathVariable[];
  /** After the colon; empty without one. */
  readonly verb: string;
  /** Equal for templates that match the same paths: the names of variables do not count. */
  readonly signature: string;
}

/** Thrown for a template that `google.api.http` does not allow. The message says what is wrong. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError';
}

const LITERAL = /^[^{}*/:=]+$/;
const FIELD_PATH = /^[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*$/;
const VERB = /:([^:/{}]+)$/;

export function parseTemplate(text: string): PathTemplate {
  if (!text.startsWith('/')) throw new TemplateError(`${text} does not start with /`);
  const verb = VERB.exec(text)?.[1] ?? '';
  const path = verb === '' ? text : text.slice(0, -verb.length - 1);
  const segments: Segment[] = [];
  const variables: PathVariable[] = [];
  for (const part of splitOutsideBraces(path.slice(1))) addPart(part, segments, variables);
  const rest = segments.findIndex((segment) => segment.kind === 'rest');
  if (rest >= 0 && rest !== segments.length - 1) throw new TemplateError(`** may only stand at the end of ${text}`);
  const names = variables.map((variable) => variable.field);
  if (new Set(names).size < names.length) throw new TemplateError(`${text} binds a field twice`);
  return { segments, variables, verb, signature: signatureOf(segments, verb) };
}

function splitOutsideBraces(path: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let index = 0; index < path.length; index++) {
    const sign = path[index];
    if (sign === '{') depth++;
    if (sign === '}') depth--;
    if (sign !== '/' || depth !== 0) continue;
    parts.push(path.slice(start, index));
    start = index + 1;
  }
  if (depth !== 0) throw new TemplateError(`the braces of /${path} do not match`);
  return [...parts, path.slice(start)];
}

function addPart(part: string, segments: Segment[], variables: PathVariable[]): void {
  if (!part.startsWith('{')) {
    segments.push(segmentOf(part));
    return;
  }
  if (!part.endsWith('}')) throw new TemplateError(`a variable fills whole segments, which ${part} does not`);
  const [field = '', pattern = '*', ...extra] = part.slice(1, -1).split('=');
  if (extra.length > 0 || !FIELD_PATH.test(field)) throw new TemplateError(`${part} names no field`);
  const from = segments.length;
  for (const inner of pattern.split('/')) segments.push(segmentOf(inner));
  const isOpen = segments.at(-1)?.kind === 'rest';
  variables.push({ field, from, to: isOpen ? undefined : segments.length });
}

function segmentOf(part: string): Segment {
  if (part === '*') return { kind: 'one' };
  if (part === '**') return { kind: 'rest' };
  if (!LITERAL.test(part)) throw new TemplateError(`${part === '' ? 'an empty segment' : part} is no path segment`);
  return { kind: 'literal', text: decodeLiteral(part) };
}

function decodeLiteral(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new TemplateError(`${part} is not percent-encoded correctly`);
  }
}

function signatureOf(segments: readonly Segment[], verb: string): string {
  const parts = segments.map((segment) =>
    segment.kind === 'literal' ? encodeURIComponent(segment.text) : WILD[segment.kind],
  );
  return `/${parts.join('/')}${verb === '' ? '' : `:${verb}`}`;
}

const WILD = { one: '*', rest: '**' } as const;
