import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { from, type Observable, switchMap } from 'rxjs';
import type { Faults } from './faults.js';

/** Lets each rpc call suffer what the fault plan says; HTTP is spared, or the plan could not be changed back. */
@Injectable()
export class FaultsInterceptor implements NestInterceptor {
  constructor(private readonly faults: Faults) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    if (context.getType() !== 'rpc') return next.handle();
    return from(this.faults.suffer()).pipe(switchMap(() => next.handle()));
  }
}
