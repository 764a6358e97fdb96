import type { ActorContext, Mailbox, SupervisionStrategy } from '@rookery/actors';

export interface RootActorOptions {
  /** Its name among actors: what others find it by, also from another process. */
  readonly name: string;
  /** Default: unbounded. */
  readonly mailbox?: Mailbox;
  /** The rule for its children. Default: one for one, 10 restarts in 10 s. */
  readonly strategy?: SupervisionStrategy;
  /** The rule for itself. Those that share it are siblings. Default: that of the actor system. */
  readonly guardian?: SupervisionStrategy;
  /** How many messages it may stash. Default 1000. */
  readonly stashCapacity?: number;
}

/** An actor of whatever protocol. */
interface AnyActor {
  receive(message: never, context: never): void | PromiseLike<void>;
}

/** A class whose instances are actors. Its constructor takes what Nest injects. */
export type ActorType = new (...dependencies: never[]) => AnyActor;

/** What an actor of that class understands, as its `receive` says by the type of the context. */
export type MessagesOf<Type extends ActorType> =
  Parameters<InstanceType<Type>['receive']>[1] extends ActorContext<infer M> ? M : never;

const declared = new WeakMap<object, RootActorOptions>();

/**
 * The class of an actor at the root: one in each process, spawned when the service starts, and made anew for
 * each restart. Listed in `ActorsModule.forFeature`, and in no `providers`.
 */
export function RootActor(options: RootActorOptions): (type: ActorType) => void {
  return (type) => void declared.set(type, options);
}

export function rootActorOptionsOf(type: object): RootActorOptions | undefined {
  return declared.get(type);
}
