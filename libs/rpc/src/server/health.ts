import { health } from '@rookery/contracts/messages';
import { HealthDefinition } from '@rookery/contracts/nest';
import { DomainError } from '@rookery/runtime';
import { BehaviorSubject, type Observable } from 'rxjs';

import type { Handler, ServerMethod } from './server-method.js';

const { SERVING, NOT_SERVING, SERVICE_UNKNOWN } = health.HealthCheckResponse_ServingStatus;

/** The gRPC health protocol. The empty name stands for the whole server. */
export class Health {
  private readonly statuses = new Map<string, BehaviorSubject<health.HealthCheckResponse>>();

  set(service: string, isServing: boolean): void {
    const answer = { status: isServing ? SERVING : NOT_SERVING };
    const known = this.statuses.get(service);
    if (known === undefined) this.statuses.set(service, new BehaviorSubject<health.HealthCheckResponse>(answer));
    else if (known.value.status !== answer.status) known.next(answer);
  }

  setAll(isServing: boolean): void {
    for (const service of this.statuses.keys()) this.set(service, isServing);
  }

  methods(): ServerMethod[] {
    const handlers: Readonly<Record<string, Handler>> = {
      Check: (request) => this.check(serviceOf(request)),
      List: () => this.list(),
      Watch: (request) => this.watch(serviceOf(request)),
    };
    return HealthDefinition.methods.flatMap((definition) => {
      const handler = handlers[definition.name];
      return handler === undefined ? [] : [{ definition, handler, isUncounted: true }];
    });
  }

  /** Ends the watches, which end by nothing else. */
  close(): void {
    for (const status of this.statuses.values()) status.complete();
  }

  private check(service: string): health.HealthCheckResponse {
    const known = this.statuses.get(service);
    if (known === undefined) {
      throw new DomainError('SERVICE_UNKNOWN', `no service ${service} here`, { kind: 'not-found' });
    }
    return known.value;
  }

  private list(): { statuses: Record<string, health.HealthCheckResponse> } {
    return { statuses: Object.fromEntries(Array.from(this.statuses, ([name, { value }]) => [name, value])) };
  }

  private watch(service: string): Observable<health.HealthCheckResponse> {
    let known = this.statuses.get(service);
    if (known === undefined) {
      known = new BehaviorSubject<health.HealthCheckResponse>({ status: SERVICE_UNKNOWN });
    }
    return known;
  }
}

function serviceOf(request: unknown): string {
  return (request as health.HealthCheckRequest).service;
}
