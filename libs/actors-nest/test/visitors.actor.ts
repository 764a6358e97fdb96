// #region actor
import type { Actor, ActorContext, LifecycleMessage, Received, Request } from '@rookery/actors';
import { RootActor } from '@rookery/actors-nest';
import { Greeter } from './greeter.js';

export type VisitorsMessage = Enter | { readonly type: 'Fail' };

interface Enter extends Request<string> {
  readonly type: 'Enter';
  readonly name: string;
}

/** Greets whoever enters, and knows how many have since it was made. */
@RootActor({ name: 'visitors' })
export class VisitorsActor implements Actor<VisitorsMessage> {
  private count = 0;

  constructor(private readonly greeter: Greeter) {}

  receive(message: Received<VisitorsMessage>, context: ActorContext<VisitorsMessage>): void {
    switch (message.type) {
      case 'Enter':
        return context.reply(`${this.greeter.greet(message.name)} You are number ${++this.count}.`);
      case 'Fail':
        throw new Error('a visitor made trouble');
      default:
        message satisfies LifecycleMessage;
    }
  }
}
// #endregion
