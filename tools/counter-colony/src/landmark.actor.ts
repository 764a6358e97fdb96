import type { Actor, ActorContext, LifecycleMessage, Received, WireCodec } from '@rookery/actors';
import { RootActor } from '@rookery/actors-nest';
import { grpcTesting } from '@rookery/contracts/messages';

export const LANDMARK = 'landmark';

/** Answered by `Sighted`, whose sender is the actor to watch. */
export interface Hail {
  readonly type: 'Hail';
}

export interface Sighted {
  readonly type: 'Sighted';
}

/** They say nothing but their type. */
export const landmarkMessages: Readonly<Record<(Hail | Sighted)['type'], WireCodec>> = {
  Hail: grpcTesting.Empty,
  Sighted: grpcTesting.Empty,
};

/** Stands there to be watched from other processes. */
@RootActor({ name: LANDMARK })
export class LandmarkActor implements Actor<Hail> {
  receive(message: Received<Hail>, context: ActorContext<Hail>): void {
    if (message.type === 'Hail') return context.reply({ type: 'Sighted' } satisfies Sighted);
    message satisfies LifecycleMessage;
  }
}
