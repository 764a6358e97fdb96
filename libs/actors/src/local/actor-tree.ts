import type { AnyPid } from './pid.js';

/** Where an actor is in its life. `failed` waits for its supervisor's directive, `suspended` for that to take effect. */
export type ActorState = 'starting' | 'running' | 'failed' | 'suspended' | 'restarting' | 'stopping' | 'stopped';

/** One actor, as plain data. */
export interface ActorNode {
  /** Path of names from the root. */
  readonly id: string;
  readonly incarnation: number;
  readonly state: ActorState;
  /** Its handler's promise is open, so it takes no other message. */
  readonly isBusy: boolean;
  readonly mailboxLength: number;
  readonly restarts: number;
  /** All of them, shown or not. */
  readonly childCount: number;
  readonly children: readonly ActorNode[];
}

export interface ActorTree {
  /** All actors of the process. */
  readonly actorCount: number;
  /** Actors at the root, shown or not. */
  readonly rootCount: number;
  readonly roots: readonly ActorNode[];
}

export interface TreeOptions {
  /** How many actors are shown, those nearest to the root first. Default 1000. */
  readonly limit?: number;
  /** Shows the part under the actor of this path, which becomes the only root. */
  readonly under?: string;
}

const STATES: readonly ActorState[] = [
  'starting',
  'running',
  'failed',
  'suspended',
  'restarting',
  'stopping',
  'stopped',
];

/** An actor, as far as the tree shows it. */
export interface TreeCell {
  readonly pid: AnyPid;
  /** Its place in the list of states. */
  readonly state: number;
  readonly isBusy: boolean;
  readonly backlog: number;
  readonly restarts: number;
  readonly childSet: ReadonlySet<TreeCell>;
}

const SHOWN = 1000;

interface OpenNode extends ActorNode {
  readonly children: OpenNode[];
}

/** Level by level, so that a limit cuts off the leaves and no cost depends on how many actors there are. */
export function treeOf(roots: Iterable<TreeCell>, limit = SHOWN): readonly ActorNode[] {
  const top: OpenNode[] = [];
  let left = limit;
  let level: (readonly [cells: Iterable<TreeCell>, into: OpenNode[]])[] = [[roots, top]];
  while (level.length > 0 && left > 0) {
    const next: typeof level = [];
    for (const [cells, into] of level) {
      for (const cell of cells) {
        if (left-- <= 0) return top;
        const node = nodeOf(cell);
        into.push(node);
        if (node.childCount > 0) next.push([cell.childSet, node.children]);
      }
    }
    level = next;
  }
  return top;
}

function nodeOf(cell: TreeCell): OpenNode {
  return {
    id: cell.pid.id,
    incarnation: cell.pid.incarnation,
    state: STATES[cell.state] ?? 'stopped',
    isBusy: cell.isBusy,
    mailboxLength: cell.backlog,
    restarts: cell.restarts,
    childCount: cell.childSet.size,
    children: [],
  };
}
