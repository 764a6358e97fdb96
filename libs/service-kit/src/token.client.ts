import { Injectable } from '@nestjs/common';
import { Clock, DomainError } from '@rookery/runtime';
import { TokenConfig } from './token-settings.js';

const ASK_LIMIT_MS = 3000;
/** A token is renewed when this part of its life has passed, long before a provider could refuse it. */
const RENEW_AFTER = 0.8;

interface Held {
  readonly token: string;
  readonly renewAt: number;
  readonly endsAt: number;
}

/** The service's own token, asked for when it is first needed and renewed before it ends. */
@Injectable()
export class TokenClient {
  private held: Held | undefined;
  private asking: Promise<string> | undefined;

  constructor(
    private readonly config: TokenConfig,
    private readonly clock: Clock,
  ) {}

  /** Rejects with DomainError TOKEN_UNAVAILABLE when there is no token that is still good. */
  token(): string | Promise<string> {
    const now = this.clock.monotonic();
    if (this.held === undefined || now >= this.held.endsAt) return this.renew();
    if (now >= this.held.renewAt) this.renewInBackground();
    return this.held.token;
  }

  private renewInBackground(): void {
    // The held token is still good; the next call tries again, and the last one before its end tells the error.
    this.renew().catch(() => undefined);
  }

  private renew(): Promise<string> {
    this.asking ??= this.ask().finally(() => (this.asking = undefined));
    return this.asking;
  }

  private async ask(): Promise<string> {
    const { TOKEN_URL, CLIENT_ID, CLIENT_SECRET } = this.config;
    const body = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: CLIENT_ID,
      client_secret: CLIENT_SECRET,
    });
    const askedAt = this.clock.monotonic();
    try {
      const response = await fetch(TOKEN_URL, { method: 'POST', body, signal: AbortSignal.timeout(ASK_LIMIT_MS) });
      if (!response.ok) throw new Error(`the answer was ${response.status} ${await response.text()}`);
      const answer = (await response.json()) as { access_token: string; expires_in: number };
      const lifeMs = answer.expires_in * 1000;
      this.held = { token: answer.access_token, renewAt: askedAt + lifeMs * RENEW_AFTER, endsAt: askedAt + lifeMs };
      return answer.access_token;
    } catch (cause) {
      throw new DomainError('TOKEN_UNAVAILABLE', `no token from ${TOKEN_URL}: ${(cause as Error).message}`, {
        kind: 'unauthenticated',
        cause,
      });
    }
  }
}
