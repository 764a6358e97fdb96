import { Injectable } from '@nestjs/common';
import type { CallOptions } from '@rookery/contracts/nest';
import { OrdersConfig } from '../../app.config.js';
import type { OrderCall } from '../application/order-call.js';

/** How neighbours are called. */
@Injectable()
export class NeighbourCall {
  constructor(private readonly config: OrdersConfig) {}

  get timeoutMs(): number {
    return this.config.STEP_TIMEOUT_MS;
  }

  /** Each attempt is the same command to them, so that none is one too many. */
  options({ commandId, signal }: OrderCall): CallOptions {
    const metadata = { 'idempotency-key': commandId };
    return { timeoutMs: this.timeoutMs, signal, metadata, isIdempotent: true };
  }
}
