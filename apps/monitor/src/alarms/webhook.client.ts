import type { Delivery } from './webhook.publisher.js';
import type { WebhookPayload } from './alertmanager.mapper.js';

const TIMEOUT_MS = 5000;
const TOO_MANY_REQUESTS = 429;

/**
 * Posts notifications to `url`. As Alertmanager does: 5xx and 429 are worth another try, any other refusal is final. A
 * redirect is one too, for what is behind it was never named as a receiver.
 */
export function webhookTo(
  url: string,
  warn: (message: string) => void,
): (payload: WebhookPayload) => Promise<Delivery> {
  return async (payload) => {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'user-agent': 'rookery-monitor' },
      body: JSON.stringify(payload),
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    await response.body?.cancel();
    if (response.ok) return 'delivered';
    warn(`the alert webhook answered ${response.status}`);
    return response.status >= 500 || response.status === TOO_MANY_REQUESTS ? 'failed' : 'refused';
  };
}
