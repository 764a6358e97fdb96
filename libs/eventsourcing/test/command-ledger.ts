import { DomainError } from '@rookery/runtime';
import type { AnsweredCommand, CommandKey, CurrentVersion } from '../src/index.js';
import type { AccountCommand, AccountState } from './account.js';
import type { HostLife } from './hosting-process.js';

/** A command as its sender knows it. Two may have one id: then only one of them is carried out. */
export interface SentCommand extends CommandKey {
  readonly stream: string;
  readonly command: AccountCommand;
  readonly requestHash: string;
  readonly calls: Call[];
}

/** What a host has said: an answer or a refusal, that it was not done, that nobody knows, or that the id was taken. */
export type Reply =
  | { readonly kind: 'settled'; readonly outcome: AnsweredCommand['outcome'] }
  | { readonly kind: 'not-done' | 'unknown' | 'id-taken'; readonly code: string };

export interface Call {
  readonly life: HostLife;
  reply: Reply | undefined;
  endedAt: number;
}

export interface Reading {
  readonly life: HostLife;
  readonly startedAt: number;
  endedAt: number;
  found: CurrentVersion<AccountState> | undefined;
  /** Why there was nothing to be found. */
  code: string | undefined;
}

const NOT_DONE = ['FENCE_LOST', 'STORE_UNAVAILABLE', 'TOO_MANY_COMMANDS', 'DEADLINE_EXCEEDED'];

export function replyOf(error: unknown): Reply {
  if (!(error instanceof DomainError)) throw error;
  const { code, kind, message, metadata, violations } = error;
  if (code === 'COMMAND_ID_REUSED') return { kind: 'id-taken', code };
  if (code === 'OUTCOME_UNKNOWN') return { kind: 'unknown', code };
  if (NOT_DONE.includes(code)) return { kind: 'not-done', code };
  return { kind: 'settled', outcome: { refusal: { code, kind, message, metadata, violations } } };
}

/** Whether its sender has been told each time that it was not done, and so need not send it again. */
export function isDenied({ calls }: SentCommand): boolean {
  return calls.length > 0 && calls.every(({ reply }) => reply?.kind === 'not-done');
}

export function isSettled({ calls }: SentCommand): boolean {
  return calls.some(({ reply }) => reply?.kind === 'settled' || reply?.kind === 'id-taken');
}
