import type { actors } from '@rookery/contracts/messages';
import type { Request } from '../local/actor.js';
import type { Pid } from '../local/pid.js';
import type { Wire } from './grain-messages.js';

export type TopicsMessage =
  | Wire<'$TopicDelivery', actors.TopicDelivery>
  | { readonly type: 'Publish'; readonly topic: string; readonly message: actors.TopicMessage }
  | ({ readonly type: 'Subscribe'; readonly topic: string; readonly subscriber: Pid } & Request<TopicAnswer>)
  | ({ readonly type: 'Unsubscribe'; readonly topic: string; readonly subscriber: Pid } & Request<TopicAnswer>)
  | { readonly type: 'TopologyChanged' }
  | { readonly type: 'Renew' };

/** Why the topic could not be told, if so. */
export interface TopicAnswer {
  readonly error: Error | undefined;
}
