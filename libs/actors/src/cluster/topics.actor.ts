import type { actors } from '@rookery/contracts/messages';
import type { Actor, ActorContext, Received } from '../local/actor.js';
import type { DeadLetterReason } from '../local/dead-letter.js';
import type { Immutable } from '../local/immutable.js';
import type { LifecycleMessage } from '../local/lifecycle-messages.js';
import type { AnyPid, Pid } from '../local/pid.js';
import { Props } from '../local/props.js';
import type { SystemCore } from '../local/system-core.js';
import { DeliveryOrder } from './delivery-order.js';
import type { GrainCaller } from './grain-caller.js';
import type { GrainMethod } from './grain-contract.js';
import { OutgoingTopic } from './outgoing-topic.js';
import { topicContract, topicMethods } from './topic-contract.js';
import type { TopicCodec } from './topic-codec.js';
import type { TopicAnswer, TopicsMessage } from './topic-messages.js';
import { type Topology, TopologyChanged } from './topology.js';

export interface TopicsParts {
  readonly core: SystemCore;
  readonly caller: GrainCaller;
  readonly codec: TopicCodec;
  readonly view: () => Topology;
}

const RENEW_MS = 10_000;
const RENEW = 'renew';

/**
 * The subscribers of one process, under the name `$topics`. It keeps the process subscribed at the topics, which forget it when
 * they move or it falls silent, and passes on what they send; and it sends what the process publishes, in order.
 */
export function topicsProps(parts: TopicsParts): Props<TopicsMessage> {
  // Others count on it to grow, also when the actor is made again.
  const batches = { last: 0 };
  return Props.fromProducer(() => new Topics(parts, batches));
}

/** A word to a topic that is under way, and who wants it to be told again afterwards. */
interface Line {
  next: readonly Pid[] | undefined;
}

class Topics implements Actor<TopicsMessage> {
  /** By topic, then by Pid. */
  private readonly subscribers = new Map<string, Map<string, Pid>>();
  private readonly lines = new Map<string, Line>();
  private readonly outgoing = new Map<string, OutgoingTopic>();
  private readonly order = new DeliveryOrder();

  constructor(
    private readonly parts: TopicsParts,
    private readonly batches: { last: number },
  ) {}

  receive(message: Received<TopicsMessage>, context: ActorContext<TopicsMessage>): void {
    switch (message.type) {
      case 'Started':
        return void context.subscribe(TopologyChanged);
      case 'Publish':
        return this.publish(message.topic, message.message, context);
      case '$TopicDelivery':
        return this.deliver(message, context);
      case 'Subscribe':
        return this.subscribe(message.topic, message.subscriber, context);
      case 'Unsubscribe':
        return this.unsubscribe(message.topic, message.subscriber, context);
      case 'TopologyChanged':
        this.order.keep((publisher) => this.parts.view().memberAt(publisher) !== undefined);
        return this.renew(context);
      case 'Renew':
        return this.renew(context);
      case 'Terminated':
        return this.forget(message.who, context);
      default:
        message satisfies LifecycleMessage;
    }
  }

  // Publishing.

  private publish(topic: string, message: actors.TopicMessage, context: ActorContext<TopicsMessage>): void {
    let outgoing = this.outgoing.get(topic);
    if (outgoing === undefined) this.outgoing.set(topic, (outgoing = new OutgoingTopic()));
    if (!outgoing.add(message)) return this.lost([message], 'queue-full', context);
    this.send(topic, outgoing, context);
  }

  private send(topic: string, outgoing: OutgoingTopic, context: ActorContext<TopicsMessage>): void {
    const messages = outgoing.take();
    if (messages === undefined) return;
    const request = { messages, publisher: this.parts.core.book.address, batch: ++this.batches.last };
    context.reenterAfter(this.call(topic, topicMethods.publish, request), (outcome) => {
      // Once more could be twice.
      if (outcome.status === 'rejected') this.lost(messages, 'unreachable', context, errorOf(outcome.reason).message);
      outgoing.sent();
      this.send(topic, outgoing, context);
      if (outgoing.isEmpty) this.outgoing.delete(topic);
    });
  }

  private lost(
    messages: readonly actors.TopicMessage[],
    reason: DeadLetterReason,
    { self }: ActorContext<TopicsMessage>,
    detail?: string,
  ): void {
    for (const message of messages) this.parts.core.deadLetter(self, message, undefined, reason, detail);
  }

  // Subscribing.

  private subscribe(topic: string, subscriber: Pid, context: ActorContext<TopicsMessage>): void {
    const known = this.subscribers.get(topic) ?? new Map<string, Pid>();
    this.subscribers.set(topic, known.set(subscriber.toString(), subscriber));
    context.watch(subscriber);
    if (!context.timers.isActive(RENEW)) context.timers.startPeriodic(RENEW, { type: 'Renew' }, RENEW_MS);
    this.tellTopic(topic, context, context.sender);
  }

  private unsubscribe(topic: string, subscriber: AnyPid, context: ActorContext<TopicsMessage>): void {
    if (this.remove(topic, subscriber, context)) this.tellTopic(topic, context, context.sender);
    else context.reply({ error: undefined } satisfies TopicAnswer);
  }

  private forget(who: AnyPid, context: ActorContext<TopicsMessage>): void {
    for (const topic of [...this.subscribers.keys()]) {
      if (this.remove(topic, who, context)) this.tellTopic(topic, context);
    }
  }

  /** True when nobody here listens to the topic any more. */
  private remove(topic: string, subscriber: AnyPid, { timers }: ActorContext<TopicsMessage>): boolean {
    const known = this.subscribers.get(topic);
    if (known?.delete(subscriber.toString()) !== true || known.size > 0) return false;
    this.subscribers.delete(topic);
    this.order.forgetTopic(topic);
    if (this.subscribers.size === 0) timers.cancel(RENEW);
    return true;
  }

  private renew(context: ActorContext<TopicsMessage>): void {
    if (!this.isMember) context.timers.cancel(RENEW);
    for (const topic of this.subscribers.keys()) this.tellTopic(topic, context);
  }

  /** A process that has left is told nothing more. */
  private get isMember(): boolean {
    return this.parts.view().memberAt(this.parts.core.book.address) !== undefined;
  }

  /**
   * Tells the topic whether anybody here listens, and then `asker` that it knows. One word at a time: what is said again on the
   * way to a new owner must not come behind what is said next. What fails is said with the next renewal, or forgotten there.
   */
  private tellTopic(topic: string, context: ActorContext<TopicsMessage>, asker?: Pid): void {
    const askers = asker === undefined ? [] : [asker];
    const line = this.lines.get(topic);
    if (line !== undefined) line.next = [...(line.next ?? []), ...askers];
    else this.say(topic, askers, context);
  }

  private say(topic: string, askers: readonly Pid[], context: ActorContext<TopicsMessage>): void {
    const line: Line = { next: undefined };
    this.lines.set(topic, line);
    const method = this.subscribers.has(topic) && this.isMember ? topicMethods.subscribe : topicMethods.unsubscribe;
    const { address } = this.parts.core.book;
    context.reenterAfter(this.call(topic, method, { address }), (outcome) => {
      const error = outcome.status === 'rejected' ? errorOf(outcome.reason) : undefined;
      for (const asker of askers) context.tell(asker, { error } satisfies TopicAnswer);
      this.lines.delete(topic);
      if (line.next !== undefined) this.say(topic, line.next, context);
    });
  }

  private call(topic: string, method: GrainMethod, request: unknown): Promise<unknown> {
    return this.parts.caller.call(topicContract, topic, method, request);
  }

  // Telling subscribers.

  private deliver(delivery: Immutable<actors.TopicDelivery>, context: ActorContext<TopicsMessage>): void {
    const { batch, messages, publisher, topic } = delivery;
    const known = this.subscribers.get(topic);
    if (known === undefined) return;
    if (!this.order.take(topic, publisher, batch)) {
      return this.lost(messages, 'dropped-oldest', context, `${publisher} has published on ${topic} since`);
    }
    for (const wired of messages) {
      const message = this.parts.codec.read(wired);
      if (message === undefined) this.lost([wired], 'undecodable', context, `a message of type ${wired.type}`);
      else for (const subscriber of known.values()) context.tell(subscriber, message);
    }
  }
}

function errorOf(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason));
}
