import { type IncomingMessage, type OutgoingHttpHeaders, request } from 'node:http';

import { until } from '@rookery/testkit';

export interface StreamRequest {
  readonly method?: string;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: string;
}

/** A client that has the head of an answer and reads its body as it comes. */
export class StreamClient {
  text = '';
  /** The body came to its end, as its form of transfer has it. */
  isComplete = false;
  isClosed = false;

  private constructor(private readonly response: IncomingMessage) {
    response.setEncoding('utf8');
    response.on('end', () => (this.isComplete = response.complete));
    // A connection that is cut; `isComplete` stays false.
    response.on('error', () => undefined);
    response.on('close', () => (this.isClosed = true));
  }

  /** Resolves when the head has come. `isReading` false leaves the body on the way. */
  static open(
    url: string,
    { method = 'GET', headers = {}, body }: StreamRequest,
    isReading = true,
  ): Promise<StreamClient> {
    return new Promise((resolve, reject) => {
      const sent = request(url, { method, headers, agent: false }, (response) => {
        const client = new StreamClient(response);
        if (isReading) response.on('data', (text: string) => (client.text += text));
        resolve(client);
      });
      sent.on('error', reject).end(body);
    });
  }

  get status(): number {
    return this.response.statusCode ?? 0;
  }

  header(name: string): string | undefined {
    const value = this.response.headers[name];
    return Array.isArray(value) ? value.join() : value;
  }

  async seen(part: string): Promise<void> {
    await until(`${part} comes, not only ${this.text}`, () => this.text.includes(part));
  }

  /** All of the body, once it is over. */
  async rest(): Promise<string> {
    await until('the answer ends', () => this.isClosed);
    return this.text;
  }

  leave(): void {
    this.response.destroy();
  }
}
