/** Rookery's actors as in production: default supervision and mailboxes, full envelopes, nothing frozen. */
import { type Actor, type ActorContext, ActorSystem, type Pid, Props, type Received } from '@rookery/actors';
import { SystemClock, SystemRandom, SystemScheduler } from '@rookery/runtime';

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

const system = new ActorSystem({
  clock: new SystemClock(),
  random: new SystemRandom(),
  scheduler: new SystemScheduler(),
});

type PingMessage = { readonly type: 'Go' } | { readonly type: 'Pong' };
type EchoMessage = { readonly type: 'Ping' };
const [PING, PONG] = [{ type: 'Ping' } as const, { type: 'Pong' } as const];

class PingActor implements Actor<PingMessage> {
  constructor(
    private readonly score: Score,
    private readonly echo: Pid<EchoMessage>,
  ) {}

  receive(message: Received<PingMessage>, context: ActorContext<PingMessage>): void {
    if (message.type === 'Pong') {
      if (++this.score.returned % BATCH === 0) this.sendBatch(context);
    } else if (message.type === 'Go') this.sendBatch(context);
  }

  private sendBatch(context: ActorContext<PingMessage>): void {
    const { score } = this;
    if (score.sent === score.goal) return score.done();
    for (let left = BATCH; left > 0; left--) {
      score.sent++;
      context.tell(this.echo, PING);
    }
  }
}

class EchoActor implements Actor<EchoMessage> {
  constructor(private readonly score: Score) {}

  receive(message: Received<EchoMessage>, context: ActorContext<EchoMessage>): void {
    if (message.type !== 'Ping') return;
    this.score.arrived++;
    this.score.answered++;
    context.reply(PONG);
  }
}

type SourceMessage = { readonly type: 'GoOn' };
type SinkMessage = { readonly type: 'Item' } | { readonly type: 'Last' };
const [ITEM, LAST, GO_ON] = [{ type: 'Item' } as const, { type: 'Last' } as const, { type: 'GoOn' } as const];

class SourceActor implements Actor<SourceMessage> {
  constructor(
    private readonly score: Score,
    private readonly sink: Pid<SinkMessage>,
  ) {}

  receive(message: Received<SourceMessage>, context: ActorContext<SourceMessage>): void {
    if (message.type !== 'GoOn') return;
    const { score, sink } = this;
    for (let left = BURST; left > 0; left--) {
      score.sent++;
      context.tell(sink, ITEM);
    }
    if (score.sent < score.goal) context.tell(context.self, GO_ON);
    else context.tell(sink, LAST);
  }
}

class SinkActor implements Actor<SinkMessage> {
  constructor(private readonly score: Score) {}

  receive(message: Received<SinkMessage>): void {
    if (message.type === 'Item') this.score.arrived++;
    else if (message.type === 'Last') this.score.done();
  }
}

class IdleActor implements Actor {
  constructor(private readonly crowd: Crowd) {}

  receive(message: Received<unknown>): void {
    const { type } = message as { readonly type: string };
    if (type === 'Started') this.crowd.actorStarted();
    else if (type === 'Stopped') this.crowd.actorStopped();
  }
}

type SkynetMessage =
  | { readonly type: 'Cover'; readonly first: number; readonly size: number }
  | { readonly type: 'Sum'; readonly sum: number };

class SkynetActor implements Actor<SkynetMessage> {
  private sum = 0;
  private missing = SKYNET_BRANCHES;
  private asker: Pid | undefined;

  receive(message: Received<SkynetMessage>, context: ActorContext<SkynetMessage>): void {
    if (message.type === 'Cover') this.cover(message.first, message.size, context);
    else if (message.type === 'Sum') this.add(message.sum, context);
  }

  private cover(first: number, size: number, context: ActorContext<SkynetMessage>): void {
    if (size === 1) {
      context.reply({ type: 'Sum', sum: first });
      return context.stop();
    }
    this.asker = context.sender;
    const part = size / SKYNET_BRANCHES;
    for (let branch = 0; branch < SKYNET_BRANCHES; branch++) {
      context.tell(context.spawn(skynetProps), { type: 'Cover', first: first + branch * part, size: part });
    }
  }

  private add(sum: number, context: ActorContext<SkynetMessage>): void {
    this.sum += sum;
    if (--this.missing > 0 || this.asker === undefined) return;
    context.tell(this.asker, { type: 'Sum', sum: this.sum });
    context.stop();
  }
}

const skynetProps = Props.fromProducer<SkynetMessage>(() => new SkynetActor());
const SKYNET_LIMIT_MS = 60_000;

const rookery: ActorLibrary = {
  startPingPong: (score): Starter => {
    const echo = system.spawn(Props.fromProducer(() => new EchoActor(score)));
    const ping = system.spawn(Props.fromProducer(() => new PingActor(score, echo)));
    return () => system.tell(ping, { type: 'Go' });
  },
  startFlood: (score): Starter => {
    const sink = system.spawn(Props.fromProducer(() => new SinkActor(score)));
    const source = system.spawn(Props.fromProducer(() => new SourceActor(score, sink)));
    return () => system.tell(source, GO_ON);
  },
  startAnswerer: (score) => {
    const echo = system.spawn(Props.fromProducer(() => new EchoActor(score)));
    return () => system.ask(echo, PING);
  },
  spawn: (count, crowd) => {
    const props = Props.fromProducer(() => new IdleActor(crowd));
    const pids = Array.from({ length: count }, () => system.spawn(props));
    return () => {
      for (const pid of pids) system.stop(pid);
    };
  },
  skynet: {
    sum: async () => {
      const top = system.spawn(skynetProps);
      const cover = { type: 'Cover', first: 0, size: SKYNET_LEAVES } as const;
      const answer = await system.ask(top, cover, { timeoutMs: SKYNET_LIMIT_MS });
      return (answer as { readonly sum: number }).sum;
    },
    untilEnded: async () => {
      while (system.tree({ limit: 1 }).actorCount > 0) await new Promise((resolve) => setImmediate(resolve));
    },
  },
};

serveLibrary(rookery);
