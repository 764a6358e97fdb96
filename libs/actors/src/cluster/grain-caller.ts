import { fullJitter } from '@rookery/resilience';
import { DomainError } from '@rookery/runtime';
import { systemStopped } from '../local/errors.js';
import type { MessageHeaders } from '../local/message-headers.js';
import type { Pid } from '../local/pid.js';
import type { SystemCore } from '../local/system-core.js';
import { toDomainError } from '../remote/failure.mapper.js';
import type { GrainContract, GrainMethod } from './grain-contract.js';
import type { GrainAnswer, GrainsMessage, NotOwner } from './grain-messages.js';
import type { Topology } from './topology.js';
import { grainsAt } from './view.js';

/** What a caller may say about one call. */
export interface GrainCallOptions {
  /** How long the answer is worth waiting for, all attempts together. Default 5000. */
  readonly timeoutMs?: number;
  readonly headers?: MessageHeaders;
}

interface Call {
  readonly kind: string;
  readonly identity: string;
  readonly method: GrainMethod;
  readonly request: unknown;
  readonly headers: MessageHeaders | undefined;
  /** Monotonic. */
  readonly deadlineAt: number;
}

/** How one attempt ended, when not with an error that is final. */
type Outcome = { readonly result: unknown } | { readonly refusal: DomainError; readonly ownerAddress?: string };

const TIMEOUT_MS = 5000;
const LONGEST_IDENTITY = 256;
/** That the contract can say; some 50 days. */
const LONGEST_MS = 2 ** 32 - 1;
const BACK_OFF = { baseMs: 25, capMs: 500 };

/** Nothing has been begun: any method may be called again. */
const NOT_STARTED: ReadonlySet<string> = new Set([
  ...['UNREACHABLE', 'REMOTE_QUEUE_FULL', 'MAILBOX_FULL', 'TARGET_NOT_FOUND', 'TARGET_STOPPED'],
]);

/** The call was out, and nobody knows how far it has come. */
const CUT_OFF: ReadonlySet<string> = new Set(['CONNECTION_LOST', 'SYSTEM_STOPPED']);

/** Brings calls to the owners of grains: again, with pauses, as long as it is safe and the caller waits. */
export class GrainCaller {
  /** Ends the calls that are about to be made again. */
  private readonly pauses = new Set<() => void>();
  private isClosed = false;

  constructor(
    private readonly core: SystemCore,
    private readonly view: () => Topology,
  ) {}

  /** The first attempt is sent before this returns, so that calls in a row arrive in their order. */
  async call(
    { name: kind }: GrainContract,
    identity: string,
    method: GrainMethod,
    request: unknown,
    { headers, timeoutMs = TIMEOUT_MS }: GrainCallOptions = {},
  ): Promise<unknown> {
    const deadlineAt = this.core.clock.monotonic() + timeoutMs;
    const call: Call = { kind, identity: checkedIdentity(identity), method, request, headers, deadlineAt };
    for (let attempt = 1; ; attempt++) {
      const outcome = await this.attempt(call);
      if ('result' in outcome) return outcome.result;
      await this.pause(attempt, call, outcome.refusal);
    }
  }

  /** Asks the owner, and where that one knows better, at once whom it names. */
  private async attempt(call: Call): Promise<Outcome> {
    if (this.isClosed) throw systemStopped();
    const owner = this.view().ownerOf(call.kind, call.identity);
    if (owner === undefined) return { refusal: noOwner(call) };
    const outcome = await this.askAt(owner.address, call);
    if (!('ownerAddress' in outcome) || outcome.ownerAddress === '' || outcome.ownerAddress === owner.address) {
      return outcome;
    }
    return this.askAt(outcome.ownerAddress, call);
  }

  private async askAt(address: string, call: Call): Promise<Outcome> {
    const timeoutMs = call.deadlineAt - this.core.clock.monotonic();
    if (timeoutMs <= 0) throw deadlineExceeded(call);
    let answer: GrainAnswer;
    try {
      answer = await this.ask(grainsAt(address), address === this.core.book.address, call, timeoutMs);
    } catch (error) {
      return { refusal: this.retryable(error, call) };
    }
    return this.outcomeOf(answer, call);
  }

  private ask(target: Pid<GrainsMessage>, isHere: boolean, call: Call, timeoutMs: number): Promise<GrainAnswer> {
    const { deadlineAt, headers, identity, kind, request } = call;
    const method = call.method.name;
    const options = { timeoutMs, ...(headers === undefined ? {} : { headers }) };
    if (isHere) {
      return this.core.ask(
        undefined,
        target,
        { type: 'GrainCall', kind, identity, method, request, deadlineAt },
        options,
      ) as Promise<GrainAnswer>;
    }
    const payload = call.method.request.encode(request).finish();
    return this.core.ask(
      undefined,
      target,
      {
        type: '$GrainRequest',
        kind,
        identity,
        method,
        remainingMs: Math.min(LONGEST_MS, Math.floor(timeoutMs)),
        payload,
      },
      options,
    ) as Promise<GrainAnswer>;
  }

  private outcomeOf(answer: GrainAnswer, call: Call): Outcome {
    switch (answer.type) {
      case 'GrainResult':
        return { result: answer.result };
      case '$GrainResponse':
        return { result: call.method.response.decode(answer.payload) };
      case '$GrainFailure':
        throw failureOf(answer.failure, call);
      case '$GrainNotStarted':
        return { refusal: new DomainError(answer.code, answer.message, { kind: 'unavailable' }) };
      case '$NotOwner':
        return { refusal: this.notOwner(answer, call), ownerAddress: answer.ownerAddress };
    }
  }

  /** The error, when the call may be made again after it; else throws what the caller shall hear. */
  private retryable(error: unknown, call: Call): DomainError {
    if (!(error instanceof DomainError)) throw error;
    if (error.code === 'ASK_TIMEOUT') throw deadlineExceeded(call);
    if (NOT_STARTED.has(error.code)) return error;
    if (!CUT_OFF.has(error.code)) throw error;
    if (call.method.idempotency !== 'unknown') return error;
    throw new DomainError('OUTCOME_UNKNOWN', `${nameOf(call)} was cut off, and may have been carried out`, {
      kind: 'unavailable',
      retryAfterMs: -1,
      cause: error,
    });
  }

  private notOwner({ ownerId, topologyVersion }: NotOwner, call: Call): DomainError {
    const message = `no member took the call as the owner of ${call.kind}/${call.identity}`;
    const metadata = { ownerId, topologyVersion, callersTopologyVersion: this.view().version };
    return new DomainError('NO_OWNER', message, { kind: 'unavailable', metadata });
  }

  /** Rejects with the refusal when the deadline comes first. */
  private pause(attempt: number, { deadlineAt }: Call, refusal: DomainError): Promise<void> {
    if (this.isClosed) return Promise.reject(systemStopped());
    const pauseMs = fullJitter(attempt, BACK_OFF, this.core.random);
    if (this.core.clock.monotonic() + pauseMs >= deadlineAt) return Promise.reject(refusal);
    return new Promise((resolve, reject) => {
      const timer = this.core.scheduler.timer(pauseMs, () => {
        this.pauses.delete(end);
        resolve();
      });
      const end = (): void => {
        timer.cancel();
        reject(systemStopped());
      };
      this.pauses.add(end);
    });
  }

  /** The actor system has stopped: nobody waits for another attempt. */
  close(): void {
    this.isClosed = true;
    for (const end of this.pauses) end();
    this.pauses.clear();
  }
}

function checkedIdentity(identity: string): string {
  if (identity.length > 0 && identity.length <= LONGEST_IDENTITY) return identity;
  const message = `a grain's identity has 1 to ${LONGEST_IDENTITY} characters, not ${identity.length}`;
  throw new DomainError('IDENTITY_INVALID', message, { kind: 'invalid-argument' });
}

function failureOf(failure: Parameters<typeof toDomainError>[0] | undefined, call: Call): DomainError {
  const error = failure === undefined ? undefined : toDomainError(failure);
  return error ?? new DomainError('TARGET_FAILED', `${nameOf(call)} failed`, { kind: 'internal' });
}

function noOwner({ kind }: Call): DomainError {
  return new DomainError('NO_OWNER', `no member of the cluster offers ${kind}`, { kind: 'unavailable' });
}

function deadlineExceeded(call: Call): DomainError {
  return new DomainError('DEADLINE_EXCEEDED', `${nameOf(call)} was not answered in time`, {
    kind: 'deadline-exceeded',
  });
}

function nameOf({ identity, kind, method }: Call): string {
  return `${method.name} of ${kind}/${identity}`;
}
