/**
 * What one thread of Node allows: a ring buffer for each actor and one run queue for all, turns of 300 messages, synchronous
 * handlers. No envelope, no address, no supervision, no names: what a library adds comes on top.
 */
import { setFlagsFromString } from 'node:v8';

import {
  type ActorLibrary,
  BATCH,
  BURST,
  type Score,
  SKYNET_BRANCHES,
  SKYNET_LEAVES,
  type Starter,
} from './actor-library.js';
import { serveLibrary } from './local-workloads.js';

const TURN = 300;

class Ring<T> {
  count = 0;
  private slots = new Array<T | undefined>(4);
  private head = 0;

  push(item: T): void {
    if (this.count === this.slots.length) this.grow();
    this.slots[(this.head + this.count++) & (this.slots.length - 1)] = item;
  }

  shift(): T {
    const item = this.slots[this.head] as T;
    this.slots[this.head] = undefined;
    this.head = (this.head + 1) & (this.slots.length - 1);
    this.count--;
    return item;
  }

  private grow(): void {
    const { head, slots } = this;
    // The new half is empty: what stood there would stay in memory until something is put in its place.
    const items = Array.from(slots, (_, index) => slots[(head + index) & (slots.length - 1)]);
    this.slots = items.concat(new Array<T | undefined>(slots.length));
    this.head = 0;
  }
}

const runQueue = new Ring<{ runTurn(): void }>();
let isDraining = false;

function drain(): void {
  while (runQueue.count > 0) runQueue.shift().runTurn();
  isDraining = false;
}

class BareActor<M> {
  private readonly mailbox = new Ring<M>();
  private isWaiting = false;

  constructor(private readonly handle: (message: M) => void) {}

  send(message: M): void {
    this.mailbox.push(message);
    if (!this.isWaiting) this.wait();
  }

  runTurn(): void {
    const { mailbox } = this;
    for (let left = TURN; left > 0 && mailbox.count > 0; left--) this.handle(mailbox.shift());
    this.isWaiting = false;
    if (mailbox.count > 0) this.wait();
  }

  private wait(): void {
    this.isWaiting = true;
    runQueue.push(this);
    if (isDraining) return;
    isDraining = true;
    queueMicrotask(drain);
  }
}

function startPingPong(score: Score): Starter {
  const ping = new BareActor((message: 'go' | 'pong') => {
    if (message !== 'go' && ++score.returned % BATCH !== 0) return;
    if (score.sent === score.goal) return score.done();
    for (let left = BATCH; left > 0; left--) {
      score.sent++;
      echo.send('ping');
    }
  });
  const echo = new BareActor<'ping'>(() => {
    score.arrived++;
    score.answered++;
    ping.send('pong');
  });
  return () => ping.send('go');
}

function startFlood(score: Score): Starter {
  const sink = new BareActor((message: 'item' | 'last') => {
    if (message === 'item') score.arrived++;
    else score.done();
  });
  const source = new BareActor((message: 'goOn') => {
    for (let left = BURST; left > 0; left--) {
      score.sent++;
      sink.send('item');
    }
    if (score.sent < score.goal) source.send(message);
    else sink.send('last');
  });
  return () => source.send('goOn');
}

interface Cover {
  readonly first: number;
  readonly size: number;
  readonly tell: (sum: number) => void;
}

function coverBy({ first, size, tell }: Cover): void {
  if (size === 1) return tell(first);
  let [sum, missing] = [0, SKYNET_BRANCHES];
  const adder = new BareActor((part: number) => {
    sum += part;
    if (--missing === 0) tell(sum);
  });
  const part = size / SKYNET_BRANCHES;
  for (let branch = 0; branch < SKYNET_BRANCHES; branch++) {
    new BareActor(coverBy).send({ first: first + branch * part, size: part, tell: (total) => adder.send(total) });
  }
}

const floor: ActorLibrary = {
  startPingPong,
  startFlood,
  startAnswerer: (score) => {
    const answerer = new BareActor((resolve: () => void) => {
      score.arrived++;
      score.answered++;
      resolve();
    });
    return () => new Promise<void>((resolve) => answerer.send(resolve));
  },
  spawn: (count, crowd) => {
    const actors = Array.from({ length: count }, () => {
      const actor = new BareActor<'started'>(() => crowd.actorStarted());
      actor.send('started');
      return actor;
    });
    return () => {
      for (let left = actors.length; left > 0; left--) crowd.actorStopped();
    };
  },
  skynet: {
    sum: () => new Promise((tell) => new BareActor(coverBy).send({ first: 0, size: SKYNET_LEAVES, tell })),
    untilEnded: () => Promise.resolve(),
  },
};

if (process.argv[2] === 'memory') {
  // Code that was optimised holds on to actors that it has seen until it is thrown away: they would be weighed too, or not.
  for (const flag of ['--no-opt', '--no-maglev']) setFlagsFromString(flag);
}
serveLibrary(floor);
