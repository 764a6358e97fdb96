/** XState's actors with transition functions, its lightest kind. It has no ask: a question carries what settles it. */
import { type AnyActorRef, createActor, fromTransition } from 'xstate';

import {
  type ActorLibrary,
  BATCH,
  BURST,
  type Crowd,
  type Score,
  SKYNET_BRANCHES,
  SKYNET_LEAVES,
  type Starter,
} from './actor-library.js';
import { serveLibrary } from './local-workloads.js';

interface From {
  readonly type: string;
  readonly sender: AnyActorRef;
}

const echo = (score: Score) =>
  fromTransition((state: null, { sender }: From) => {
    score.arrived++;
    score.answered++;
    sender.send({ type: 'pong' });
    return state;
  }, null);

const ping = (score: Score, target: AnyActorRef) => {
  const sendBatch = (self: AnyActorRef): void => {
    if (score.sent === score.goal) return score.done();
    const message: From = { type: 'ping', sender: self };
    for (let left = BATCH; left > 0; left--) {
      score.sent++;
      target.send(message);
    }
  };
  return fromTransition((state: null, { type }: { readonly type: 'go' | 'pong' }, { self }) => {
    if (type === 'go' || ++score.returned % BATCH === 0) sendBatch(self);
    return state;
  }, null);
};

const sink = (score: Score) =>
  fromTransition((state: null, { type }: { readonly type: 'item' | 'last' }) => {
    if (type === 'item') score.arrived++;
    else score.done();
    return state;
  }, null);

const ITEM = { type: 'item' } as const;

const source = (score: Score, target: AnyActorRef) =>
  fromTransition((state: null, event: { readonly type: 'goOn' }, { self }) => {
    for (let left = BURST; left > 0; left--) {
      score.sent++;
      target.send(ITEM);
    }
    if (score.sent < score.goal) self.send(event);
    else target.send({ type: 'last' });
    return state;
  }, null);

interface Question {
  readonly type: 'question';
  readonly resolve: () => void;
}

const answerer = (score: Score) =>
  fromTransition((state: null, { resolve }: Question) => {
    score.arrived++;
    score.answered++;
    resolve();
    return state;
  }, null);

const idle = (crowd: Crowd) =>
  fromTransition(
    (state: null, _event: { readonly type: 'none' }) => state,
    () => {
      crowd.actorStarted();
      return null;
    },
  );

interface SkynetState {
  readonly sum: number;
  readonly missing: number;
  readonly asker: (sum: number) => void;
}
type SkynetEvent =
  | { readonly type: 'cover'; readonly first: number; readonly size: number; readonly asker: SkynetState['asker'] }
  | { readonly type: 'sum'; readonly sum: number };

let skynetActors = 0;

const skynet = fromTransition(
  (state: SkynetState, event: SkynetEvent, { self }): SkynetState => {
    if (event.type === 'cover') return cover(event, self);
    const sum = state.sum + event.sum;
    const missing = state.missing - 1;
    if (missing === 0) end(self, () => state.asker(sum));
    return { ...state, sum, missing };
  },
  { sum: 0, missing: SKYNET_BRANCHES, asker: () => undefined },
);

function cover({ asker, first, size }: Extract<SkynetEvent, { type: 'cover' }>, self: AnyActorRef): SkynetState {
  const state = { sum: 0, missing: SKYNET_BRANCHES, asker };
  if (size === 1) {
    end(self, () => asker(first));
    return state;
  }
  const part = size / SKYNET_BRANCHES;
  const tell = (sum: number): void => self.send({ type: 'sum', sum });
  for (let branch = 0; branch < SKYNET_BRANCHES; branch++) {
    startSkynet().send({ type: 'cover', first: first + branch * part, size: part, asker: tell });
  }
  return state;
}

function startSkynet() {
  skynetActors++;
  return createActor(skynet).start();
}

function end(self: AnyActorRef, tell: () => void): void {
  tell();
  skynetActors--;
  (self as AnyActorRef & { stop(): void }).stop();
}

const xstate: ActorLibrary = {
  startPingPong: (score): Starter => {
    const player = createActor(ping(score, createActor(echo(score)).start())).start();
    return () => player.send({ type: 'go' });
  },
  startFlood: (score): Starter => {
    const player = createActor(source(score, createActor(sink(score)).start())).start();
    return () => player.send({ type: 'goOn' });
  },
  startAnswerer: (score) => {
    const actor = createActor(answerer(score)).start();
    return () => new Promise<void>((resolve) => actor.send({ type: 'question', resolve }));
  },
  spawn: (count, crowd) => {
    const logic = idle(crowd);
    const actors = Array.from({ length: count }, () => createActor(logic).start());
    return () => {
      for (const actor of actors) {
        actor.stop();
        crowd.actorStopped();
      }
    };
  },
  skynet: {
    sum: () =>
      new Promise((resolve) => {
        startSkynet().send({ type: 'cover', first: 0, size: SKYNET_LEAVES, asker: resolve });
      }),
    untilEnded: async () => {
      if (skynetActors > 0) throw new Error(`${skynetActors} actors are left`);
    },
  },
};

serveLibrary(xstate);
