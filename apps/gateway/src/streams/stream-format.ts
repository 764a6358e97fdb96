/** How a stream is written to its client. Each text is whole, so that nobody waits for the rest of one. */
export interface StreamFormat {
  readonly type: string;
  /** Says nothing; keeps proxies from taking silence for the end. */
  readonly beat: string;
  /** The provider has said all. */
  readonly end: string;
  message(json: string, number: number): string;
  /** The last thing said. Without a pause to wait there is no sense in asking again. */
  error(problem: string, retryMs: number | undefined): string;
  /** The last thing said: there is more to come for whoever asks again. */
  reconnect(reason: string, retryMs: number): string;
}
