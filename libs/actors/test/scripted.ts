import type { ActorContext, Received } from '../src/index.js';
import { Props } from '../src/index.js';

/** What a scripted actor does in its turn. */
export type Script = (context: ActorContext<Script>) => void | PromiseLike<void>;

/** A message that the actor takes note of. */
export type Word = string;

/** An actor that does what a message says, when it is a script, and notes everything else that it hears. */
export function scripted(notes: string[] = [], name = ''): Props<Script | Word> {
  return Props.fromProducer(() => {
    notes.push(`${name}made`);
    return {
      receive(message: Received<Script | Word>, context: ActorContext<Script | Word>): void | PromiseLike<void> {
        if (typeof message === 'function') return message(context as unknown as ActorContext<Script>);
        notes.push(name + (typeof message === 'string' ? message : message.type));
      },
    };
  });
}

/** A promise that a test settles. */
export function gate(): { readonly promise: Promise<void>; open(): void; fail(error: Error): void } {
  let open!: () => void;
  let fail!: (error: Error) => void;
  const promise = new Promise<void>((resolve, reject) => {
    open = resolve;
    fail = reject;
  });
  return { promise, open, fail };
}
