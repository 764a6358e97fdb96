import type { Instance } from '@rookery/discovery';

import type { Pick } from '../balancing/balancer.js';
import type { CallScope } from '../call-context.js';
import type { CallRoute } from '../routing/call-route.port.js';
import { StatusCode } from '../status/status-code.js';
import { Cancellation } from './cancellation.js';
import type { ChannelCallOptions } from './call-options.js';
import { cancelled, deadlineExceeded } from './call-scope.mapper.js';
import type { Expirable } from '@rookery/resilience';
import type { ParkedCall } from './provider-call.port.js';
import type { ProviderConnection } from './provider-connection.js';
import type { UnaryCallHost } from './unary-call-host.port.js';
import { tellUnplaced } from './unplaced-call.js';

export interface Picked {
  readonly pick: Pick;
  readonly connection: ProviderConnection;
}

export interface PickWish {
  readonly path: string;
  readonly deadlineAt: number | undefined;
  readonly options: ChannelCallOptions | undefined;
  readonly scope: CallScope | undefined;
  readonly route: CallRoute;
  readonly tried: readonly Instance[];
}

/** The wait of a streaming call for an instance: ends with one, with the deadline, or with the caller's interest. */
export class PickWait implements ParkedCall, Expirable {
  wheelSlot = 0;
  wheelIndex = -1;
  readonly deadlineAt: number;
  private readonly cancellation: Cancellation | undefined;
  private isOver = false;

  private constructor(
    private readonly host: UnaryCallHost,
    private readonly wish: PickWish,
    private readonly resolve: (picked: Picked) => void,
    private readonly reject: (error: Error) => void,
  ) {
    this.deadlineAt = wish.deadlineAt ?? Number.POSITIVE_INFINITY;
    this.cancellation = Cancellation.of(wish.options, wish.scope, () => this.fail(cancelled()));
  }

  static for(host: UnaryCallHost, wish: PickWish): Promise<Picked> {
    return new Promise((resolve, reject) => new PickWait(host, wish, resolve, reject).begin());
  }

  tryOnce(): void {
    if (this.isOver) return;
    try {
      const pick = this.wish.route.pick(this.wish.tried, this.host.clock.monotonic());
      if (pick === undefined) return this.wish.route.wait(this);
      // Now, not after the promise: the next turn may know the instance no more.
      const connection = this.host.connectionTo(pick.instance);
      this.end();
      this.resolve({ pick, connection });
    } catch (error) {
      this.fail(error instanceof Error ? error : new Error(String(error)));
    }
  }

  giveUp(): void {
    tellUnplaced(this.host, this.wish.path, StatusCode.UNAVAILABLE, true);
    this.fail(this.wish.route.unreachable(undefined));
  }

  expire(): void {
    if (this.host.unpark(this)) tellUnplaced(this.host, this.wish.path, StatusCode.DEADLINE_EXCEEDED, true);
    this.fail(deadlineExceeded(this.wish.path));
  }

  private begin(): void {
    if (this.cancellation?.isRequested === true) return this.fail(cancelled());
    if (this.deadlineAt <= this.host.clock.monotonic()) return this.expire();
    if (this.deadlineAt !== Number.POSITIVE_INFINITY) this.host.wheel.add(this);
    this.tryOnce();
  }

  private fail(error: Error): void {
    if (this.isOver) return;
    this.end();
    this.reject(error);
  }

  private end(): void {
    this.isOver = true;
    this.host.unpark(this);
    this.cancellation?.release();
    if (this.wheelIndex >= 0) this.host.wheel.remove(this);
  }
}
