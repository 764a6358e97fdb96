import { type Actor, type ActorContext, type LifecycleMessage, pidByName, type Received } from '@rookery/actors';
import { RootActor } from '@rookery/actors-nest';
import { type Hail, LANDMARK, type Sighted } from './landmark.actor.js';
import { Logbook } from './logbook.js';

export type LookoutMessage = LookOut | Sighted;

interface LookOut {
  readonly type: 'LookOut';
  /** Of the actor system whose landmark shall be watched. */
  readonly address: string;
}

/** Watches the landmarks of other processes, and writes down whom it watches and whose end it has heard of. */
@RootActor({ name: 'lookout' })
export class LookoutActor implements Actor<LookoutMessage> {
  constructor(private readonly logbook: Logbook) {}

  receive(message: Received<LookoutMessage>, context: ActorContext<LookoutMessage>): void {
    switch (message.type) {
      case 'LookOut':
        return context.tell(pidByName<Hail>(message.address, LANDMARK), { type: 'Hail' });
      case 'Sighted':
        return this.watch(context);
      case 'Terminated':
        this.logbook.heard.push({
          by: context.system.address,
          who: message.who.toString(),
          reason: message.reason,
        });
        return;
      default:
        message satisfies LifecycleMessage;
    }
  }

  private watch(context: ActorContext<LookoutMessage>): void {
    const { sender } = context;
    if (sender === undefined) return;
    context.watch(sender);
    this.logbook.watched.push(sender.toString());
  }
}
