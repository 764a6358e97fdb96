import type { PathTemplate, PathVariable } from '../routing/path-template.js';

/** One place of a path that a client fills. */
export interface PathPlace {
  readonly name: string;
  /** What fills it makes up the variable, alone or with what stands around it; undefined where the contract ignores it. */
  readonly variable: PathVariable | undefined;
  /** It is the variable's whole value. */
  readonly isWhole: boolean;
  /** It takes several segments, which OpenAPI cannot say. */
  readonly isOpen: boolean;
}

/**
 * A template as OpenAPI writes paths. One parameter there never holds a slash, so `{name=shelves/*}` becomes
 * `shelves/{name}`, and a variable with several wildcards one parameter for each: `{name_1}`, `{name_2}`.
 */
export function openApiPath(template: PathTemplate): { readonly path: string; readonly places: readonly PathPlace[] } {
  const { segments, variables, verb } = template;
  const places: PathPlace[] = [];
  const parts = segments.map((segment, index) => {
    if (segment.kind === 'literal') return encodeURIComponent(segment.text);
    const variable = variables.find(({ from, to }) => from <= index && index < (to ?? segments.length));
    const within = segments.slice(variable?.from ?? 0, variable === undefined ? undefined : variable.to);
    const wild = within.filter(({ kind }) => kind !== 'literal').length;
    const field = variable?.field ?? 'any';
    const number = places.filter((place) => place.variable === variable).length + 1;
    const name = wild === 1 ? field : `${field}_${number}`;
    const isWhole = variable !== undefined && within.length === 1;
    places.push({ name, variable, isWhole, isOpen: segment.kind === 'rest' });
    return `{${name}}`;
  });
  return { path: `/${parts.join('/')}${verb === '' ? '' : `:${verb}`}`, places };
}
