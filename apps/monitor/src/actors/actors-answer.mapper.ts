import { z } from 'zod';

/** One live actor. */
export interface ActorPicture {
  /** Path of names from the root. */
  readonly id: string;
  readonly state: string;
  readonly isBusy: boolean;
  readonly mailboxLength: number;
  readonly restarts: number;
  /** All of them, shown or not. */
  readonly childCount: number;
  readonly children: readonly ActorPicture[];
}

/** What one instance says of its actors. */
export interface ActorsAnswer {
  /** How its actor system is called in Pids. */
  readonly address: string;
  /** All actors of the process, and those of them that have no parent. */
  readonly actorCount: number;
  readonly rootCount: number;
  readonly shownCount: number;
  readonly roots: readonly ActorPicture[];
  /** Grains that are active there, by kind. */
  readonly activations: Readonly<Record<string, number>>;
}

const count = z.int().min(0);

const node = z.object({
  id: z.string(),
  state: z.string(),
  isBusy: z.boolean(),
  mailboxLength: count,
  restarts: count,
  childCount: count,
  children: z.array(z.unknown()),
});

const answer = z.object({
  address: z.string(),
  tree: z.object({ actorCount: count, rootCount: count, roots: z.array(z.unknown()) }),
  cluster: z.object({ activations: z.record(z.string(), count) }),
});

/**
 * Reads what `GET /actors` answered, and no more than `limit` actors of it whatever was sent, so that no tree is deeper than
 * that either. Throws on anything else.
 */
export function toActorsAnswer(text: string, limit: number): ActorsAnswer {
  const { address, cluster, tree } = answer.parse(JSON.parse(text));
  let left = limit;
  const picturesOf = (nodes: readonly unknown[]): readonly ActorPicture[] => {
    const taken = nodes.slice(0, left);
    left -= taken.length;
    return taken.map((each) => {
      const { children, ...actor } = node.parse(each);
      return { ...actor, children: picturesOf(children) };
    });
  };
  const roots = picturesOf(tree.roots);
  const { actorCount, rootCount } = tree;
  return { address, actorCount, rootCount, shownCount: limit - left, roots, activations: cluster.activations };
}
