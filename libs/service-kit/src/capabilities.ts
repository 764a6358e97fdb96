/**
 * What the instance can do beyond its contract, as the registry tells others; `link` is there without saying so. Injectable;
 * what is added before readiness is registered, and what changes later is registered anew.
 */
export class Capabilities {
  private readonly names = new Set<string>();
  private changed: () => void = () => undefined;

  add(name: string): void {
    this.names.add(name);
    this.changed();
  }

  /** One takes the place of another. */
  replace(former: string, next: string): void {
    this.names.delete(former);
    this.add(next);
  }

  all(): readonly string[] {
    return [...this.names];
  }

  /** Calls `listener` after each change from now on; there is one. */
  onChange(listener: () => void): void {
    this.changed = listener;
  }
}
