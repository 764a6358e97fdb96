import { DomainError } from '@rookery/runtime';
import type { Pid } from '../local/pid.js';
import type { SystemCore } from '../local/system-core.js';
import type { TopicCodec } from './topic-codec.js';
import type { TopicAnswer, TopicsMessage } from './topic-messages.js';

/**
 * A name under which the processes of a cluster tell each other messages, each at most once. What one process publishes
 * reaches a subscriber in order. Messages that are published while the topic moves to another process, or just after its
 * process has crashed, may reach nobody.
 */
export class Topic<M> {
  constructor(
    readonly name: string,
    private readonly core: SystemCore,
    private readonly topics: Pid<TopicsMessage>,
    private readonly codec: TopicCodec,
  ) {}

  /**
   * Tells all subscribers. Throws MESSAGE_NOT_ENCODABLE for a message whose type is not among the `messages` of the cluster;
   * what does not reach the topic is a dead letter.
   */
  publish(message: M): void {
    this.core.send(
      undefined,
      this.topics,
      { type: 'Publish', topic: this.name, message: this.codec.write(message) },
      undefined,
      undefined,
    );
  }

  /**
   * Tells this actor of the process what is published from now on; several times is as good as once. Resolves when the topic
   * knows; rejects when it could not be told in time, which is tried again until the actor ends or is unsubscribed.
   */
  subscribe(subscriber: Pid<M>): Promise<void> {
    if (subscriber.address !== this.core.book.address) {
      const message = `${subscriber.toString()} is an actor of another process, which subscribes there`;
      return Promise.reject(new DomainError('SUBSCRIBER_ELSEWHERE', message, { kind: 'invalid-argument' }));
    }
    return this.say('Subscribe', subscriber);
  }

  /** Nothing more is told from when this has resolved. An actor that ends is unsubscribed by that. */
  unsubscribe(subscriber: Pid<M>): Promise<void> {
    return this.say('Unsubscribe', subscriber);
  }

  private async say(type: 'Subscribe' | 'Unsubscribe', subscriber: Pid<M>): Promise<void> {
    const message = { type, topic: this.name, subscriber: subscriber as unknown as Pid };
    const { error } = (await this.core.ask(undefined, this.topics, message, { timeoutMs: SAY_MS })) as TopicAnswer;
    if (error !== undefined) throw error;
  }
}

/** Longer than the call of the topic takes. */
const SAY_MS = 10_000;
