import type { PathTemplate, Segment } from './path-template.js';

/** Any method; a `custom` rule of kind `*`. */
export const ANY_METHOD = '*';

/** A path of more segments matches nothing. */
const MOST_SEGMENTS = 128;

class Node<R> {
  readonly literals = new Map<string, Node<R>>();
  one: Node<R> | undefined;
  rest: Node<R> | undefined;
  /** By verb, then by HTTP method. */
  readonly routes = new Map<string, Map<string, R>>();

  child(segment: Segment): Node<R> {
    if (segment.kind === 'one') return (this.one ??= new Node());
    if (segment.kind === 'rest') return (this.rest ??= new Node());
    const known = this.literals.get(segment.text);
    if (known !== undefined) return known;
    const added = new Node<R>();
    this.literals.set(segment.text, added);
    return added;
  }
}

export interface RouteMatch<R> {
  readonly route: R;
  /** The raw segments of the path, without the verb; variables are cut out of them. */
  readonly segments: readonly string[];
}

/**
 * Finds the route of a method and a path. A literal segment beats `*`, and `*` beats `**`, from left to right; where the
 * better path has no route for the method, the next one is tried. Built once, then only read.
 */
export class RouteTree<R> {
  private readonly root = new Node<R>();
  /** Templates without variables, which nothing can beat, by `METHOD /path`. */
  private readonly exact = new Map<string, RouteMatch<R>>();

  add(method: string, template: PathTemplate, route: R): void {
    let node = this.root;
    for (const segment of template.segments) node = node.child(segment);
    const byMethod = node.routes.get(template.verb) ?? new Map<string, R>();
    node.routes.set(template.verb, byMethod);
    byMethod.set(method, route);
    if (template.segments.every((segment) => segment.kind === 'literal')) {
      this.exact.set(`${method} ${template.signature}`, { route, segments: [] });
    }
  }

  /** `path` is raw, without the query. */
  find(method: string, path: string): RouteMatch<R> | undefined {
    return (
      this.exact.get(`${method} ${path}`) ??
      this.search(path, (byMethod) => byMethod.get(method) ?? byMethod.get(ANY_METHOD))
    );
  }

  /** The methods that have a route at this path, sorted; for the `Allow` header. */
  methodsAt(path: string): readonly string[] {
    const methods = new Set<string>();
    this.search(path, (byMethod) => {
      for (const method of byMethod.keys()) methods.add(method);
      return undefined;
    });
    return [...methods].sort();
  }

  private search(path: string, take: (byMethod: Map<string, R>) => R | undefined): RouteMatch<R> | undefined {
    if (!path.startsWith('/')) return undefined;
    const segments = path.slice(1).split('/');
    if (segments.length > MOST_SEGMENTS) return undefined;
    const last = segments.at(-1) ?? '';
    const colon = last.lastIndexOf(':');
    if (colon >= 0) {
      const bare = [...segments.slice(0, -1), last.slice(0, colon)];
      const route = descend(this.root, bare, 0, last.slice(colon + 1), take);
      if (route !== undefined) return { route, segments: bare };
    }
    const route = descend(this.root, segments, 0, '', take);
    return route === undefined ? undefined : { route, segments };
  }
}

type Take<R> = (byMethod: Map<string, R>) => R | undefined;

/** Each node is met at one depth alone, so the search visits a node at most once. */
function descend<R>(
  node: Node<R>,
  segments: readonly string[],
  depth: number,
  verb: string,
  take: Take<R>,
): R | undefined {
  const atRest = (): R | undefined => takeAt(node.rest, verb, take);
  const segment = segments[depth];
  if (segment === undefined) return takeAt(node, verb, take) ?? atRest();
  const literal = node.literals.get(decoded(segment));
  const found = literal === undefined ? undefined : descend(literal, segments, depth + 1, verb, take);
  if (found !== undefined) return found;
  const byOne =
    node.one === undefined || segment === '' ? undefined : descend(node.one, segments, depth + 1, verb, take);
  return byOne ?? atRest();
}

function takeAt<R>(node: Node<R> | undefined, verb: string, take: Take<R>): R | undefined {
  const byMethod = node?.routes.get(verb);
  return byMethod === undefined ? undefined : take(byMethod);
}

function decoded(segment: string): string {
  if (!segment.includes('%')) return segment;
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment; // Not percent-encoded correctly: no literal equals it, and a variable refuses it with a 400.
  }
}
