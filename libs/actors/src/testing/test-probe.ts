import type { Actor, ActorContext, Received } from '../local/actor.js';
import type { ActorSystem } from '../local/actor-system.js';
import type { AnyPid, Pid } from '../local/pid.js';
import { Props } from '../local/props.js';

interface Seen {
  readonly message: unknown;
  readonly sender: Pid | undefined;
}

/**
 * An actor that only remembers, for a test to look at: what it was sent, by whom and in which order. Its own `Started` is not
 * counted. Looking takes a message out, so that a test accounts for each of them.
 */
export class TestProbe<M = unknown> {
  readonly pid: Pid<M>;
  private readonly inbox: Seen[] = [];
  private last: Seen | undefined;
  private context: ActorContext<M> | undefined;

  constructor(system: ActorSystem, name?: string) {
    const actor: Actor<M> = { receive: (message, context) => this.note(message, context) };
    const props = Props.fromProducer(() => actor);
    this.pid = name === undefined ? system.spawnPrefixed(props, 'probe') : system.spawnNamed(props, name);
  }

  /** Who sent the message that was looked at last. */
  get lastSender(): Pid | undefined {
    return this.last?.sender;
  }

  /** The next message. Throws when there is none. */
  next(): Received<M> {
    this.last = this.inbox.shift();
    if (this.last === undefined) throw new Error(`${this.pid.id} has got no further message`);
    return this.last.message as Received<M>;
  }

  /** All messages that have not been looked at. */
  all(): readonly Received<M>[] {
    const all = this.inbox.splice(0);
    this.last = all.at(-1) ?? this.last;
    return all.map(({ message }) => message as Received<M>);
  }

  /** Throws when a message has not been looked at. */
  expectNothing(): void {
    const [first] = this.inbox;
    if (first !== undefined) throw new Error(`${this.pid.id} has got a message: ${JSON.stringify(first.message)}`);
  }

  /** Sends as the probe, so that answers come to it. */
  tell<N>(target: Pid<N>, message: N): void {
    this.actor.tell(target, message);
  }

  /** Answers the message that was looked at last. */
  reply(message: unknown): void {
    if (this.last?.sender === undefined) throw new Error('the last message has no sender');
    this.actor.tell(this.last.sender, message);
  }

  watch(target: AnyPid): void {
    this.actor.watch(target);
  }

  unwatch(target: AnyPid): void {
    this.actor.unwatch(target);
  }

  private get actor(): ActorContext<M> {
    if (this.context === undefined) throw new Error('the probe has not started: let the system settle first');
    return this.context;
  }

  private note(message: Received<M>, context: ActorContext<M>): void {
    const isFirst = this.context === undefined;
    this.context = context;
    if (!isFirst) this.inbox.push({ message, sender: context.sender });
  }
}
