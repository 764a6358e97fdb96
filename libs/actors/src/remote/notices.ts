import type { actors } from '@rookery/contracts/messages';
import { DomainError } from '@rookery/runtime';
import type { DeadLetterReason } from '../local/dead-letter.js';
import { isDeadLetterReason } from '../local/errors.js';
import type { AnyPid } from '../local/pid.js';
import type { AnswererFailed, Undeliverable } from '../local/system-messages.js';
import { toDomainError, toFailure } from './failure.mapper.js';
import { fromPid, pidIn } from './pid.mapper.js';

/** Word to an ask elsewhere. */
export function noticeOf(asker: AnyPid, news: Undeliverable | AnswererFailed): actors.Notice {
  const parties = { asker: fromPid(asker), target: fromPid(news.target) };
  if (news.kind === 'answerer-failed') {
    return { ...parties, reason: '', detail: '', failure: toFailure(news.error) };
  }
  return { ...parties, reason: news.reason, detail: news.detail ?? '', failure: undefined };
}

/** The same, at the ask; `sender` is the address of the system that sends the notice. */
export function newsOf(sender: string, notice: actors.Notice): Undeliverable | AnswererFailed {
  const target = pidIn(sender, notice.target);
  if (notice.reason !== '') {
    // A later version may know more reasons.
    const reason: DeadLetterReason = isDeadLetterReason(notice.reason) ? notice.reason : 'unreachable';
    return { kind: 'undeliverable', target, reason, detail: notice.detail === '' ? undefined : notice.detail };
  }
  const error = notice.failure === undefined ? undefined : toDomainError(notice.failure);
  return { kind: 'answerer-failed', target, error: error ?? hiddenFailure(target) };
}

/** What exactly happened stays in the log of its process. */
function hiddenFailure(target: AnyPid): DomainError {
  const message = `${target.id} failed while it handled the message`;
  return new DomainError('TARGET_FAILED', message, { kind: 'internal' });
}
