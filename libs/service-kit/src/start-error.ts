/** A service cannot start, for a reason that its message tells in full. */
export class StartError extends Error {
  override readonly name = 'StartError';
}
