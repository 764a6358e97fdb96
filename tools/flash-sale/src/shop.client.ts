import { Agent, request } from 'node:http';

/** What the gateway said, or why it said nothing. */
export interface ShopAnswer {
  /** 0 when there was no answer. */
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface OrderView {
  readonly status: string;
  readonly cancelReason?: string;
}

export interface StockView {
  readonly available: number;
  readonly reserved: number;
}

const PATIENCE_MS = 10_000;

/** The system as a shopper sees it: its gateway. */
export class ShopClient {
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 1000 });

  constructor(
    private readonly gateway: string,
    private readonly token: string,
  ) {}

  post(path: string, body: object, idempotencyKey?: string): Promise<ShopAnswer> {
    const key = idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey };
    return this.send('POST', path, { 'content-type': 'application/json', ...key }, JSON.stringify(body));
  }

  get(path: string): Promise<ShopAnswer> {
    return this.send('GET', path, {});
  }

  /** Undefined when it could not be asked. */
  async order(orderId: string): Promise<OrderView | undefined> {
    const { body, status } = await this.get(`/v1/orders/${orderId}`);
    return status === 200 ? (body['order'] as OrderView) : undefined;
  }

  async stock(sku: string): Promise<StockView | undefined> {
    const { body, status } = await this.get(`/v1/stock/${sku}`);
    if (status !== 200) return undefined;
    const { available = '0', reserved = '0' } = body['stock'] as Readonly<Record<string, string>>;
    return { available: Number(available), reserved: Number(reserved) };
  }

  close(): void {
    this.agent.destroy();
  }

  private send(
    method: string,
    path: string,
    headers: Readonly<Record<string, string>>,
    body?: string,
  ): Promise<ShopAnswer> {
    return new Promise((resolve) => {
      const lost = (error: Error): void => resolve({ status: 0, body: { detail: error.message } });
      const sent = request(
        `${this.gateway}${path}`,
        {
          method,
          agent: this.agent,
          headers: { ...headers, authorization: `Bearer ${this.token}` },
          timeout: PATIENCE_MS,
        },
        (response) => {
          const parts: Buffer[] = [];
          response.on('data', (part: Buffer) => parts.push(part));
          response.on('error', lost);
          response.on('end', () => resolve({ status: response.statusCode ?? 0, body: read(Buffer.concat(parts)) }));
        },
      );
      sent.on('timeout', () => sent.destroy(new Error(`no answer within ${PATIENCE_MS} ms`)));
      sent.on('error', lost);
      sent.end(body);
    });
  }
}

function read(bytes: Buffer): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(bytes.toString('utf8')) as Readonly<Record<string, unknown>>;
  } catch {
    return {}; // What is no JSON says nothing that a shopper could use.
  }
}
