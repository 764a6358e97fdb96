import { type ArgumentsHost, Catch } from '@nestjs/common';
import { BaseExceptionFilter } from '@nestjs/core';
import { throwError } from 'rxjs';

/**
 * Hands errors of rpc handlers on as they are, so that the server can tell a `DomainError` from a defect; Nest's own filter
 * would make both the same. HTTP keeps Nest's filter. Every other filter goes before this one.
 */
@Catch()
export class RpcErrorFilter extends BaseExceptionFilter {
  override catch(exception: unknown, host: ArgumentsHost): unknown {
    if (host.getType() === 'rpc') return throwError(() => exception);
    super.catch(exception, host);
    return undefined;
  }
}
