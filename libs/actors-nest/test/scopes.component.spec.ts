import { Injectable, Module } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Actor, ActorContext, GrainContext, Received } from '@rookery/actors';
import {
  Actors,
  ActorsModule,
  callerOf,
  type GrainCallerIdentity,
  GrainOf,
  Grains,
  RootActor,
} from '@rookery/actors-nest';
import type { testing } from '@rookery/contracts/messages';
import { CounterServiceClient, type CounterServiceGrain, CounterServiceGrainClient } from '@rookery/contracts/nest';
import { type CallScope, currentScope, DEFAULT_TIMEOUT_MS, RpcClient, runInScope } from '@rookery/rpc';
import { ServiceKitModule } from '@rookery/service-kit';
import { type ServiceUnderTest, startUnderTest } from '@rookery/service-kit/testing';
import { until } from '@rookery/testkit';

const TRACE = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';

@Injectable()
class Notes {
  readonly scopes: (CallScope | undefined)[] = [];
  readonly remainingMs: number[] = [];
  readonly callers: (GrainCallerIdentity | undefined)[] = [];
}

type NoterMessage = { readonly type: 'Note' } | { readonly type: 'NoteLater' };

@RootActor({ name: 'noter' })
class NoterActor implements Actor<NoterMessage> {
  constructor(private readonly notes: Notes) {}

  receive(message: Received<NoterMessage>, context: ActorContext<NoterMessage>): void {
    if (message.type === 'NoteLater') context.tell(context.self, { type: 'Note' });
    if (message.type !== 'Note') return;
    this.notes.scopes.push(currentScope());
    context.reply(true);
  }
}

@GrainOf(CounterServiceGrainClient)
class NotingGrain implements CounterServiceGrain<GrainContext> {
  constructor(
    private readonly notes: Notes,
    private readonly grains: Grains,
    private readonly rpc: RpcClient,
  ) {}

  async add({ counterId, amount }: testing.AddRequest, context: GrainContext): Promise<testing.AddResponse> {
    this.notes.callers.push(callerOf(context));
    this.notes.scopes.push(currentScope());
    this.notes.remainingMs.push(context.remainingMs);
    if (counterId.startsWith('interleaving')) context.interleave();
    await Promise.resolve();
    const [next, rest] = [`${counterId}+`, amount - 1];
    if (rest === 2) await this.grains.get(CounterServiceGrainClient, next).add({ counterId: next, amount: rest });
    if (rest === 1) await this.rpc.client(CounterServiceClient).add({ counterId: next, amount: rest });
    return { total: 0, instance: '' };
  }

  getTotal(): testing.GetTotalResponse {
    return { total: 0, instance: '' };
  }
}

@Module({
  imports: [
    ServiceKitModule.forRoot({ name: 'testing' }),
    ActorsModule.forRoot(),
    ActorsModule.forFeature([NoterActor, NotingGrain]),
  ],
  providers: [Notes],
})
class NotingModule {}

let service: ServiceUnderTest;
let notes: Notes;
let actors: Actors;

beforeEach(async () => {
  service = await startUnderTest(NotingModule);
  [notes, actors] = [service.service.app.get(Notes), service.service.app.get(Actors)];
});
afterEach(() => service.stop());

/** A call that is being served, as far as what is done for it can tell. */
function scopeOf(traceparent: string | undefined): CallScope {
  const principal = { subject: 'ada', scopes: new Set<string>(), token: 'secret', expiresAt: 0 };
  return { deadlineAt: 1, traceparent, principal, attempt: 1, signal: new AbortController().signal };
}

describe('what an actor does for a message', () => {
  it.each(['Note', 'NoteLater'] as const)(
    'has the trace of the call that sent it, and nothing else of it: %s',
    async (type) => {
      runInScope(scopeOf(TRACE), () => actors.system.tell(actors.pidOf(NoterActor), { type }));
      await until('it is noted', () => notes.scopes.length > 0);
      const [first] = notes.scopes;
      expect(first).toMatchObject({ traceparent: TRACE, attempt: 0 });
      expect([first?.principal, first?.deadlineAt]).toEqual([undefined, undefined]);
    },
  );

  it('has no trace, where none was sent along, whoever set the actors off', async () => {
    runInScope(scopeOf(undefined), () => actors.system.tell(actors.pidOf(NoterActor), { type: 'Note' }));
    // A trace that is none is no trace.
    const headers = { traceparent: 'nonsense' };
    await actors.system.ask(actors.pidOf(NoterActor), { type: 'Note' }, { headers });
    expect(notes.scopes).toEqual([undefined, undefined]);
  });
});

describe('a grain that is called over rpc', () => {
  it('knows for whom, as the token said, and holds no token', async () => {
    const counter = service.client(CounterServiceClient);
    const token = await service.token(['one', 'two']);
    await counter.add({ counterId: 'c', amount: 1 }, { token });
    await counter.add({ counterId: 'c', amount: 1 });
    expect(notes.callers).toEqual([{ subject: 'tester', scopes: new Set(['one', 'two']) }, undefined]);
    expect(notes.scopes.map((scope) => scope?.principal)).toEqual([undefined, undefined]);
  });
});

describe('what a grain calls while it handles a call', () => {
  it.each([
    ['than its caller, whether it is a grain or called over rpc', 'alone', 8000, 8000],
    ['than its caller, also where calls interleave', 'interleaving', 8000, 8000],
    ['than usual, where its caller waits for longer', 'alone', 100_000, DEFAULT_TIMEOUT_MS],
  ])('is waited for no longer %s', async (_whom, counterId, timeoutMs, limitMs) => {
    const counter = service.service.app.get(Grains).get(CounterServiceGrainClient, counterId);
    await counter.add({ counterId, amount: 3 }, { timeoutMs });
    const [own, ...others] = notes.remainingMs;
    expect(own).toBeLessThanOrEqual(timeoutMs);
    expect(others).toHaveLength(2);
    for (const remainingMs of others) expect(remainingMs).toBeLessThanOrEqual(limitMs);
  });
});
