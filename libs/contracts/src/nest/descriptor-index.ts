// Generated from proto/ by `npm run generate`; do not edit.

import { createHash } from 'node:crypto';

/** Where one file lies in the descriptor set, what it imports (places in the list) and which services it declares. */
export type DescriptorEntry = readonly [
  name: string,
  offset: number,
  length: number,
  imports: readonly number[],
  services: readonly string[],
];

/** Finds the files of a service in a descriptor set without parsing it. */
export class DescriptorIndex {
  private readonly places = new Map<string, number>();

  constructor(
    private readonly set: Uint8Array,
    private readonly entries: readonly DescriptorEntry[],
  ) {
    entries.forEach(([, , , , services], place) => services.forEach((service) => this.places.set(service, place)));
  }

  /** The file that declares the service and all that it imports, each after its imports. */
  filesOf(service: string): Uint8Array[] {
    return this.closure([service]).map((place) => this.bytes(place));
  }

  /** The first 16 hex digits of a SHA-256 over the files of these services; their order does not count. */
  digest(services: readonly string[]): string {
    const hash = createHash('sha256');
    for (const place of this.closure([...new Set(services)].sort())) hash.update(this.bytes(place));
    return hash.digest('hex').slice(0, 16);
  }

  private closure(services: readonly string[]): number[] {
    const seen = new Set<number>();
    const visit = (place: number): void => {
      if (seen.has(place)) return;
      this.entry(place)[3].forEach(visit);
      seen.add(place);
    };
    for (const service of services) {
      const place = this.places.get(service);
      if (place === undefined) throw new RangeError(`no contract declares the service ${service}`);
      visit(place);
    }
    return [...seen];
  }

  private bytes(place: number): Uint8Array {
    const [, offset, length] = this.entry(place);
    return this.set.subarray(offset, offset + length);
  }

  private entry(place: number): DescriptorEntry {
    const entry = this.entries[place];
    if (entry === undefined) throw new RangeError(`the descriptor set has no file number ${String(place)}`);
    return entry;
  }
}
