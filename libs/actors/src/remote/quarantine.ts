/** As many are remembered; the oldest is forgotten first. */
const MEMORY = 10_000;

/** Addresses of actor systems that have been given up. An address is never used twice, so none is ever let in again. */
export class Quarantine {
  private readonly addresses = new Set<string>();

  add(address: string): void {
    this.addresses.delete(address);
    this.addresses.add(address);
    if (this.addresses.size <= MEMORY) return;
    for (const oldest of this.addresses) {
      this.addresses.delete(oldest);
      return;
    }
  }

  has(address: string): boolean {
    return this.addresses.has(address);
  }
}
