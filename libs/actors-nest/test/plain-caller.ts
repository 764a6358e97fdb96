import * as grpc from '@grpc/grpc-js';
import type { MethodDefinition } from '@rookery/contracts/nest';

/** Calls one instance as any gRPC client would that knows nothing of links and owners. */
export async function callPlainly<Req, Res>(
  port: number,
  { path, request: requests, response: responses }: MethodDefinition<Req, Res>,
  request: Req,
): Promise<Res> {
  const client = new grpc.Client(`127.0.0.1:${port}`, grpc.credentials.createInsecure());
  try {
    return await new Promise<Res>((resolve, reject) => {
      client.makeUnaryRequest(
        path,
        (message: Req) => Buffer.from(requests.encode(message).finish()),
        (bytes: Buffer) => responses.decode(bytes),
        request,
        (error, response) => {
          if (error === null && response !== undefined) resolve(response);
          else reject(error ?? new Error('no answer'));
        },
      );
    });
  } finally {
    client.close();
  }
}
