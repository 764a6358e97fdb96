import type { Capabilities } from './capabilities.js';

/** What an instance says in the registry when it has figures. */
export const FIGURES_CAPABILITY = 'figures';

/** One of the things that a service counts. */
export interface Figure {
  /** For people: `orders confirmed`. */
  readonly name: string;
  readonly value: number;
}

/**
 * What an instance has counted of its own business since its start, for people: `GET /figures` tells it, in the order in which
 * it was added, and the monitor's page shows it. Injectable.
 */
export class Figures {
  private readonly readers = new Map<string, () => number>();

  constructor(private readonly capabilities: Pick<Capabilities, 'add'>) {}

  add(name: string, read: () => number): void {
    if (this.readers.size === 0) this.capabilities.add(FIGURES_CAPABILITY);
    this.readers.set(name, read);
  }

  all(): readonly Figure[] {
    return [...this.readers].map(([name, read]) => ({ name, value: read() }));
  }
}
