/** What travels beside a message, such as the trace it belongs to. */
export type MessageHeaders = Readonly<Record<string, string>>;

export const NO_HEADERS: MessageHeaders = Object.freeze({});
