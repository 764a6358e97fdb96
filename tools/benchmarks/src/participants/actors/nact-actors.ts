/** nact's actors. As its types advise, a message carries its sender. */
import { dispatch, query, type Ref, spawn, start, stop } from 'nact';

import { type ActorLibrary, BATCH, BURST, type Score, type Starter } from './actor-library.js';
import { serveLibrary } from './local-workloads.js';

type Any = Ref<unknown>;
interface Context {
  readonly self: Any;
}

const system = start() as Any;
const ASK_LIMIT_MS = 5000;

let names = 0;
/** Names that nact makes up itself are random 31 bits: among so many actors two would be the same. */
function nextName(): string {
  return `a${names++}`;
}

function spawnAtRoot<M>(receive: (message: M, context: Context) => void): Ref<M> {
  return spawn(
    system,
    (_state: unknown, message: M, context: Context) => {
      receive(message, context);
    },
    nextName(),
  );
}

interface Question {
  readonly sender: Any;
}

function spawnEcho(score: Score): Ref<Question> {
  return spawnAtRoot(({ sender }: Question) => {
    score.arrived++;
    score.answered++;
    dispatch(sender, 'pong');
  });
}

function startPingPong(score: Score): Starter {
  const echo = spawnEcho(score);
  const sendBatch = (self: Any): void => {
    if (score.sent === score.goal) return score.done();
    const message = { sender: self };
    for (let left = BATCH; left > 0; left--) {
      score.sent++;
      dispatch(echo, message);
    }
  };
  const ping = spawnAtRoot((message: 'go' | 'pong', { self }) => {
    if (message === 'go' || ++score.returned % BATCH === 0) sendBatch(self);
  });
  return () => dispatch(ping, 'go');
}

function startFlood(score: Score): Starter {
  const sink = spawnAtRoot((message: 'item' | 'last') => {
    if (message === 'item') score.arrived++;
    else score.done();
  });
  const source = spawnAtRoot((message: 'goOn', { self }) => {
    for (let left = BURST; left > 0; left--) {
      score.sent++;
      dispatch(sink, 'item');
    }
    if (score.sent < score.goal) dispatch(self, message);
    else dispatch(sink, 'last');
  });
  return () => dispatch(source, 'goOn');
}

const nact: ActorLibrary = {
  startPingPong,
  startFlood,
  startAnswerer: (score) => {
    const echo = spawnEcho(score);
    const question = (sender: Any): Question => ({ sender });
    return () => query<Question, typeof question>(echo, question, ASK_LIMIT_MS);
  },
  spawn: (count, crowd) => {
    const properties = { initialStateFunc: () => crowd.actorStarted(), afterStop: () => crowd.actorStopped() };
    const actors = Array.from({ length: count }, () =>
      spawn(system, (state: void, _message: unknown) => state, nextName(), properties),
    );
    return () => actors.forEach(stop);
  },
};

serveLibrary(nact);
