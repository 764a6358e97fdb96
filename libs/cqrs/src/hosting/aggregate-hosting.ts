import { hash } from 'node:crypto';
import { Injectable, Logger } from '@nestjs/common';
import type { GrainContext } from '@rookery/actors';
import { callerOf, callIdOf } from '@rookery/actors-nest';
import type { MethodDefinition } from '@rookery/contracts/nest';
import { AggregateHost, type EventMetadata, EventStore, streamOf } from '@rookery/eventsourcing';
import { currentScope, DEFAULT_TIMEOUT_MS } from '@rookery/rpc';
import { Clock, Scheduler } from '@rookery/runtime';
import { parseTraceparent } from '@rookery/telemetry';
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
    return {
      commandId: callIdOf(context),
      principal: callerOf(context)?.subject ?? '',
      requestHash: hashOf(method, request),
      deadlineAt: scope?.deadlineAt ?? this.clock.monotonic() + DEFAULT_TIMEOUT_MS,
      metadata: metadataOf(scope?.traceparent),
    };
  }
}

/** All that follows from a request of the outside has its trace, so that the trace's id is what it has in common. */
function metadataOf(traceparent: string | undefined): EventMetadata {
  const { traceId } = parseTraceparent(traceparent) ?? {};
  return traceparent === undefined || traceId === undefined ? {} : { traceparent, correlationId: traceId };
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
