import type { Scheduler } from '@rookery/runtime';
import type { SeededRandom, VirtualTime } from '@rookery/runtime/testing';
import type { Member } from '../src/cluster/member.js';
import type { MemberListing } from '../src/cluster/member-feed.port.js';

export interface RegistryClient {
  readonly scheduler: Scheduler;
  hear(listing: MemberListing): void;
}

const LAG_MS = 1500;
const TTL_MS = 1500;

/** A registry of members that each client hears of late, or not at all, and that may lose its memory. */
export class RegistryModel {
  private readonly members = new Map<string, Member>();
  private readonly heardAt = new Map<string, number>();
  private readonly clients = new Map<RegistryClient, MemberListing>();
  private isDown = false;

  constructor(
    private readonly time: VirtualTime,
    private readonly random: SeededRandom,
  ) {}

  join(client: RegistryClient): void {
    this.clients.set(client, { members: [], isFresh: false });
    this.tell(client);
  }

  leave(client: RegistryClient): void {
    this.clients.delete(client);
  }

  /** For a while: who wants to stay registered says so again and again. Nothing happens while it is down. */
  register(member: Member): void {
    if (this.isDown) return;
    this.expect(member.id);
    if (this.members.get(member.id) === member) return;
    this.members.set(member.id, member);
    this.tellAll();
  }

  remove({ address, id }: Member): void {
    if (this.isDown || this.members.get(id)?.address !== address) return;
    this.members.delete(id);
    this.tellAll();
  }

  /** Its clients go by what they have heard last. */
  goDown(): void {
    this.isDown = true;
    for (const client of this.clients.keys()) this.tell(client);
  }

  comeBack(isEmpty: boolean): void {
    this.isDown = false;
    if (isEmpty) this.members.clear();
    for (const id of this.members.keys()) this.expect(id);
    this.tellAll();
  }

  /** Each client hears in its own time of what is true then. */
  tellAll(): void {
    for (const client of this.clients.keys()) this.tell(client);
  }

  /** Removes the member unless it is heard of again in time. */
  private expect(id: string): void {
    const now = this.time.clock.monotonic();
    this.heardAt.set(id, now);
    this.time.timer(TTL_MS, () => {
      if (this.isDown || this.heardAt.get(id) !== now || !this.members.delete(id)) return;
      this.tellAll();
    });
  }

  private tell(client: RegistryClient): void {
    this.time.timer(this.random.int(LAG_MS), () => client.scheduler.macrotask(() => this.answer(client)));
  }

  private answer(client: RegistryClient): void {
    const last = this.clients.get(client);
    if (last === undefined) return;
    const listing = this.isDown ? { ...last, isFresh: false } : { members: [...this.members.values()], isFresh: true };
    this.clients.set(client, listing);
    client.hear(listing);
  }
}
