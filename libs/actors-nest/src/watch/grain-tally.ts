import { ClusterObserver, type PassivationReason, type RefusalReason } from '@rookery/actors';
import type { DeclaredClasses } from '../declaration/declared-classes.js';

/** Counts by kind and one more word. */
export class KindCounts<Word extends string> {
  private readonly byKind = new Map<string, Map<Word, number>>();

  add(kind: string, word: Word): void {
    let counts = this.byKind.get(kind);
    if (counts === undefined) this.byKind.set(kind, (counts = new Map<Word, number>()));
    counts.set(word, (counts.get(word) ?? 0) + 1);
  }

  *[Symbol.iterator](): Iterator<readonly [kind: string, word: Word, count: number]> {
    for (const [kind, counts] of this.byKind) for (const [word, count] of counts) yield [kind, word, count];
  }
}

/** Counts what happens to the grains of this process, over all of its actor systems. */
export class GrainTally extends ClusterObserver {
  readonly activations = new Map<string, number>();
  readonly passivations = new KindCounts<PassivationReason>();
  readonly refusals = new KindCounts<RefusalReason>();
  /** Views of the cluster that all members have confirmed, and those that some did not confirm in time. */
  readonly rounds = { confirmed: 0, 'given-up': 0 };
  handOverSeconds = 0;

  /** A kind that is not served here is a stranger's word, and becomes no label. */
  constructor(private readonly declared: DeclaredClasses) {
    super();
  }

  activated(kind: string): void {
    this.activations.set(kind, (this.activations.get(kind) ?? 0) + 1);
  }

  passivated(kind: string, reason: PassivationReason): void {
    this.passivations.add(kind, reason);
  }

  refused(kind: string, reason: RefusalReason): void {
    this.refusals.add(this.declared.hasKind(kind) ? kind : 'other', reason);
  }

  handedOver(durationMs: number, unconfirmed: number): void {
    this.rounds[unconfirmed === 0 ? 'confirmed' : 'given-up']++;
    this.handOverSeconds += durationMs / 1000;
  }
}
