import type * as grpc from '@grpc/grpc-js';
import { reflection } from '@rookery/contracts/messages';

type Request = reflection.ServerReflectionRequest;
type Response = reflection.ServerReflectionResponse;
type Stream = grpc.ClientDuplexStream<Request, Response>;

const ABORTED = new Error('the reflection stream ended before it had answered');

/** One reflection stream, one question at a time. */
export class ReflectionStream {
  private waiting:
    { readonly resolve: (response: Response) => void; readonly reject: (error: Error) => void } | undefined;
  private failure: Error | undefined;
  private readonly stream: Stream;

  /** `path` is the method's: v1 and v1alpha differ in nothing else. */
  constructor(client: grpc.Client, path: string, deadline: Date) {
    const { ServerReflectionRequest, ServerReflectionResponse } = reflection;
    this.stream = client.makeBidiStreamRequest(
      path,
      (request: Request) => Buffer.from(ServerReflectionRequest.encode(request).finish()),
      (bytes: Buffer) => ServerReflectionResponse.decode(bytes),
      { deadline },
    );
    this.stream.on('data', (response: Response) => this.answer(response));
    this.stream.on('error', (error: Error) => this.fail(error));
    this.stream.on('end', () => this.fail(ABORTED));
  }

  /** Rejects when the stream fails, or with the error that the server answers. */
  async ask(question: Partial<Request>): Promise<Response> {
    const response = await new Promise<Response>((resolve, reject) => {
      if (this.failure !== undefined) return reject(this.failure);
      this.waiting = { resolve, reject };
      this.stream.write(reflection.ServerReflectionRequest.fromPartial(question));
    });
    if (response.errorResponse !== undefined) throw new Error(response.errorResponse.errorMessage);
    return response;
  }

  close(): void {
    this.stream.end();
    this.stream.cancel();
  }

  private answer(response: Response): void {
    this.waiting?.resolve(response);
    this.waiting = undefined;
  }

  private fail(error: Error): void {
    this.failure ??= error;
    this.waiting?.reject(this.failure);
    this.waiting = undefined;
  }
}
