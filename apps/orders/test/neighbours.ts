import { EventEmitter, once } from 'node:events';
import type { payments } from '@rookery/contracts/messages';
import type { CallContext } from '@rookery/contracts/nest';
import { currentScope } from '@rookery/rpc';
import { DomainError } from '@rookery/runtime';
import { parseTraceparent } from '@rookery/telemetry';

/** What the neighbours of orders know and are asked, and how they shall behave. Shared by all tests of a file. */
class Neighbours {
  /** By SKU. */
  readonly available = new Map<string, number>();
  /** By order and SKU. */
  readonly reserved = new Map<string, number>();
  readonly sold = new Map<string, number>();
  /** By order and SKU: what was sold to it. */
  readonly committed = new Map<string, number>();
  /** By order. */
  readonly cards = new Map<string, string>();
  readonly paid = new Map<string, payments.PaymentStatus>();
  /** By method and order: the ids of all commands that came. */
  readonly commandIds = new Map<string, string[]>();
  /** By order: the traces in which they were asked for it. */
  readonly traceIds = new Map<string, Set<string>>();
  private readonly down = new Set<string>();
  private readonly gates = new Map<string, Promise<unknown>>();

  /** From now on those who call this method get no answer; gives what lets them, and all who wait, go on. */
  hold(method: string): () => void {
    const gate = new EventEmitter();
    this.gates.set(method, once(gate, 'open'));
    return () => {
      this.gates.delete(method);
      gate.emit('open');
    };
  }

  takeDown(...methods: readonly string[]): void {
    for (const method of methods) this.down.add(method);
  }

  bringUp(): void {
    this.down.clear();
  }

  asked(method: string, orderId: string): readonly string[] {
    return this.commandIds.get(`${method} ${orderId}`) ?? [];
  }

  async called(method: string, orderId: string, { metadata }: CallContext): Promise<void> {
    const key = metadata.get('idempotency-key');
    this.commandIds.set(`${method} ${orderId}`, [...this.asked(method, orderId), String(key)]);
    this.noteTrace(orderId);
    if (this.down.has(method)) throw new DomainError('OUT', 'out of order', { kind: 'unavailable' });
    await this.gates.get(method);
  }

  private noteTrace(orderId: string): void {
    const traceId = parseTraceparent(currentScope()?.traceparent)?.traceId ?? 'none';
    this.traceIds.set(orderId, new Set([...(this.traceIds.get(orderId) ?? []), traceId]));
  }

  add(counts: Map<string, number>, key: string, quantity: number): void {
    counts.set(key, (counts.get(key) ?? 0) + quantity);
  }
}

export const neighbours = new Neighbours();
