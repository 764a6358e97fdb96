import type { MethodDefinition } from '@rookery/contracts/nest';
import { type CustomTransportStrategy, type MessageHandler, Server } from '@nestjs/microservices';

import type { RpcServer } from '../server/rpc-server.js';
import type { ServerMethod } from '../server/server-method.js';
import type { DirectHandlers } from './direct-handlers.js';

/**
 * Serves ordinary Nest controllers, marked by their contract's `…ControllerMethods`, through an `RpcServer`. Guards, pipes,
 * interceptors and filters work as with any transport of Nest.
 */
export class RpcServerStrategy extends Server implements CustomTransportStrategy {
  private boundPort = 0;

  constructor(
    private readonly server: RpcServer,
    private readonly host: string,
    private readonly wantedPort: number,
    private readonly direct: DirectHandlers,
  ) {
    super();
  }

  /** The port that is listened on, once it is. */
  get port(): number {
    return this.boundPort;
  }

  listen(callback: (error?: unknown) => void): void {
    try {
      this.server.add(Array.from(this.getHandlers(), ([pattern, handler]) => this.methodOf(pattern, handler)));
    } catch (error) {
      callback(error);
      return;
    }
    this.server.listen(this.host, this.wantedPort).then(
      (port) => {
        this.boundPort = port;
        callback();
      },
      (error: unknown) => callback(error),
    );
  }

  /** Nest calls this when the application closes; by then the service has drained. */
  close(): Promise<void> {
    return this.server.close();
  }

  /** This transport has no events of its own. */
  on(): void {
    throw new Error('RpcServerStrategy emits no events');
  }

  unwrap<T>(): T {
    return this.server as T;
  }

  private methodOf(pattern: string, handler: MessageHandler): ServerMethod {
    const definition: unknown = handler.extras?.['method'];
    if (!isMethodDefinition(definition)) {
      throw new Error(
        `the handler of ${pattern} belongs to no contract: mark its controller with its …ControllerMethods`,
      );
    }
    return { definition, handler: this.direct.of(definition) ?? ((request, context) => handler(request, context)) };
  }
}

function isMethodDefinition(value: unknown): value is MethodDefinition {
  return typeof value === 'object' && value !== null && 'path' in value && 'request' in value;
}
