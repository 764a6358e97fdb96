import * as grpc from '@grpc/grpc-js';
import { health } from '@rookery/contracts/messages';
import { type HealthCall, HealthProbe } from './health-probe.port.js';

const PATH = '/grpc.health.v1.Health/Check';

type Answer = health.HealthCheckResponse;

/** Calls over a connection of its own each time, as Consul does. */
export class GrpcHealthProbe extends HealthProbe {
  call({ target, usesTls, skipsVerification, timeoutMs }: HealthCall): ReturnType<HealthProbe['call']> {
    const [address = '', service = ''] = target.split('/', 2);
    const client = new grpc.Client(address, credentials(usesTls, skipsVerification));
    return new Promise((resolve) => {
      client.makeUnaryRequest(
        PATH,
        (request: health.HealthCheckRequest) => Buffer.from(health.HealthCheckRequest.encode(request).finish()),
        (bytes: Buffer): Answer => health.HealthCheckResponse.decode(bytes),
        { service },
        { deadline: Date.now() + timeoutMs },
        (error, answer) => {
          client.close();
          resolve(verdict(target, error, answer));
        },
      );
    });
  }
}

function credentials(usesTls: boolean, skipsVerification: boolean): grpc.ChannelCredentials {
  if (!usesTls) return grpc.credentials.createInsecure();
  return grpc.credentials.createSsl(null, null, null, { rejectUnauthorized: !skipsVerification });
}

function verdict(target: string, error: grpc.ServiceError | null, answer: Answer | undefined) {
  const status = answer?.status;
  const isServing = status === health.HealthCheckResponse_ServingStatus.SERVING;
  if (isServing) return { isServing, output: `gRPC check ${target}: success` };
  return { isServing, output: error?.message ?? `gRPC ${target} serving status: ${status ?? 'unknown'}` };
}
