import type { ActorRecipe } from './actor.js';
import type { CellHost } from './cell-host.js';
import type { Child, Parent } from './process.js';
import { RootGuardian } from './root-guardian.js';
import type { SupervisionStrategy } from './supervision.js';
import { STOP } from './system-messages.js';

/** The parents of all actors at the root: one for each strategy that has actors now. */
export class RootGuardians {
  private readonly guardians = new Map<SupervisionStrategy, RootGuardian>();
  private whenEmpty: (() => void)[] = [];

  constructor(
    private readonly host: CellHost,
    private readonly defaultStrategy: SupervisionStrategy,
  ) {}

  get count(): number {
    let count = 0;
    for (const { childSet } of this.guardians.values()) count += childSet.size;
    return count;
  }

  *children(): Iterable<Child> {
    for (const { childSet } of this.guardians.values()) yield* childSet;
  }

  parentFor({ guardian: own }: ActorRecipe): Parent {
    const strategy = own ?? this.defaultStrategy;
    let guardian = this.guardians.get(strategy);
    if (guardian === undefined) {
      guardian = new RootGuardian(this.host, strategy, () => this.dismiss(strategy));
      this.guardians.set(strategy, guardian);
    }
    return guardian;
  }

  /** Resolves when no actor is left. */
  stopAll(): Promise<void> {
    const all = [...this.children()];
    for (const child of all.reverse()) child.postSystem(child.pid, STOP);
    return all.length === 0 ? Promise.resolve() : new Promise((resolve) => this.whenEmpty.push(resolve));
  }

  private dismiss(strategy: SupervisionStrategy): void {
    this.guardians.delete(strategy);
    if (this.guardians.size > 0) return;
    for (const resolve of this.whenEmpty.splice(0)) resolve();
  }
}
