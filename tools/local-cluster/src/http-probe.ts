import type { ClusterDescription } from './cluster-file.js';
import type { OrderCounts } from './status.js';

const LIMIT_MS = 3000;

/** What the storefront has counted so far. */
export interface ShopperStats {
  readonly calls: number;
  readonly errors: number;
  readonly orders: OrderCounts;
}

/** Asks the running services over HTTP. What does not answer is undefined; nothing here rejects but `token`. */
export class HttpProbe {
  /** A token of the dev issuer. Rejects when the issuer does not give one. */
  async token(issuer: string, lifetimeS: number): Promise<string> {
    const form = { grant_type: 'client_credentials', client_id: 'operator', client_secret: 'operator-secret' };
    const body = new URLSearchParams({ ...form, expires_in: String(lifetimeS) });
    const response = await fetch(`${issuer}/token`, { method: 'POST', body, signal: AbortSignal.timeout(LIMIT_MS) });
    const answer = (await response.json()) as { access_token?: string; error_description?: string };
    if (answer.access_token === undefined)
      throw new Error(`the token issuer refuses: ${answer.error_description ?? ''}`);
    return answer.access_token;
  }

  /** The status of the answer to the sample call; undefined when there was none. */
  async sample(description: Pick<ClusterDescription, 'gateway' | 'token' | 'sample'>): Promise<number | undefined> {
    const { method, path, body } = description.sample;
    try {
      const response = await fetch(`${description.gateway}${path}`, {
        method,
        headers: { authorization: `Bearer ${description.token}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(LIMIT_MS),
      });
      await response.arrayBuffer();
      return response.status;
    } catch {
      return undefined; // Not reachable yet, which is what the caller waits out.
    }
  }

  async shoppers(storefront: string): Promise<ShopperStats | undefined> {
    const stats = await this.json<StorefrontStats>(`${storefront}/stats`);
    return stats && { ...stats.total, orders: stats.ledger };
  }

  /** Alarms that are firing, each as its name and whom it is about. */
  async alarms(monitor: string): Promise<readonly string[] | undefined> {
    const answer = await this.json<{ active: readonly MonitorAlarm[] }>(`${monitor}/api/alarms`);
    const firing = answer?.active.filter(({ state }) => state === 'firing');
    return firing?.map(({ name, instance, service }) => `${name} ${instance || service}`);
  }

  private async json<T>(url: string): Promise<T | undefined> {
    try {
      const response = await fetch(url, { signal: AbortSignal.timeout(LIMIT_MS) });
      return response.ok ? ((await response.json()) as T) : undefined;
    } catch {
      return undefined; // The service is starting, stopping or gone; the status line says "unknown".
    }
  }
}

interface StorefrontStats {
  readonly total: { readonly calls: number; readonly errors: number };
  readonly ledger: OrderCounts;
}

interface MonitorAlarm {
  readonly name: string;
  readonly state: string;
  /** Empty where the alarm is about a whole service. */
  readonly instance: string;
  readonly service: string;
}
