import { hash } from 'node:crypto';
import { Injectable, Logger } from '@nestjs/common';
import type { GrainContext } from '@rookery/actors';
import { callerOf, callIdOf } from '@rookery/actors-nest';
import type { MethodDefinition } from '@rookery/contracts/nest';
import { AggregateHost, EventStore, streamOf } from '@rookery/eventsourcing';
import { currentScope, DEFAULT_TIMEOUT_MS } from '@rookery/rpc';
import { Clock, Scheduler } from '@rookery/runtime';
import type { AnyAggregate, AnyHost } from './any-aggregate.js';
import type { CallFacts } from './command-scope.js';

/** What grains need to host aggregates. */
@Injectable()
export class AggregateHosting {
  private readonly logger = new Logger('Aggregates');

  constructor(
    private readonly store: EventStore,
    private readonly clock: Clock,
    private readonly scheduler: Scheduler,
  ) {}

  hostOf(aggregate: AnyAggregate, identity: string): AnyHost {
    const { clock, scheduler, store } = this;
    const report = (error: unknown): void => this.logger.warn(error);
    const stream = streamOf(aggregate.name, identity);
    return new AggregateHost({ aggregate, stream, store, clock, scheduler, report });
  }

  /** What the call at hand says of its commands. To be asked before the first `await`. */
  factsOf(method: MethodDefinition, request: unknown, context: GrainContext): CallFacts {
    const scope = currentScope();
    const traceparent = scope?.traceparent;
    return {
      commandId: callIdOf(context),
      principal: callerOf(context)?.subject ?? '',
      requestHash: hashOf(method, request),
      deadlineAt: scope?.deadlineAt ?? this.clock.monotonic() + DEFAULT_TIMEOUT_MS,
      metadata: traceparent === undefined ? {} : { traceparent },
    };
  }
}

/** Two calls are the same one if method and request are. */
function hashOf({ path, request }: MethodDefinition, message: unknown): string {
  const encoded = request.encode(message).finish();
  const hashed = Buffer.allocUnsafe(path.length + 1 + encoded.length);
  // ASCII, as all names of a contract are.
  hashed.write(`${path}\0`, 'latin1');
  hashed.set(encoded, path.length + 1);
  return hash('sha256', hashed, 'base64url');
}
