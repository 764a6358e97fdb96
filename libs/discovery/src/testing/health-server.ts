import * as grpc from '@grpc/grpc-js';

/** A `HealthCheckResponse` that says SERVING, on the wire. */
const SERVING = Buffer.from([0x08, 0x01]);

const definition: grpc.ServiceDefinition = {
  Check: {
    path: '/grpc.health.v1.Health/Check',
    requestStream: false,
    responseStream: false,
    requestSerialize: (bytes: Buffer) => bytes,
    requestDeserialize: (bytes) => bytes,
    responseSerialize: (bytes: Buffer) => bytes,
    responseDeserialize: (bytes) => bytes,
  },
};

/** Answers gRPC health checks on one port, for as long as it is told to. */
export class HealthServer {
  private server = new grpc.Server();
  port = 0;

  async open(): Promise<void> {
    this.server = new grpc.Server();
    this.server.addService(definition, {
      Check: (_: unknown, answer: grpc.sendUnaryData<Buffer>) => answer(null, SERVING),
    });
    this.port = await new Promise((resolve, reject) => {
      this.server.bindAsync(`127.0.0.1:${this.port}`, grpc.ServerCredentials.createInsecure(), (error, port) =>
        error === null ? resolve(port) : reject(error),
      );
    });
  }

  shut(): void {
    this.server.forceShutdown();
  }
}
