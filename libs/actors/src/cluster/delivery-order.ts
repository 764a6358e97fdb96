/** Which batch of each publisher came last, by topic: a topic that moves is overtaken by what it sends from its next process. */
export class DeliveryOrder {
  private readonly latest = new Map<string, Map<string, number>>();

  /** False when a later batch, or the same, has come already. */
  take(topic: string, publisher: string, batch: number): boolean {
    // A process of an earlier version does not say.
    if (publisher === '') return true;
    let known = this.latest.get(topic);
    if (known === undefined) this.latest.set(topic, (known = new Map<string, number>()));
    if (batch <= (known.get(publisher) ?? 0)) return false;
    known.set(publisher, batch);
    return true;
  }

  /** Nobody here listens to it any more. */
  forgetTopic(topic: string): void {
    this.latest.delete(topic);
  }

  /** Forgets all other publishers: nothing more comes from them. */
  keep(isMember: (publisher: string) => boolean): void {
    for (const known of this.latest.values()) {
      for (const publisher of known.keys()) if (!isMember(publisher)) known.delete(publisher);
    }
  }
}
