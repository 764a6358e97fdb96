import { setTimeout as pause } from 'node:timers/promises';

const LONGEST_PAUSE_MS = 2500;
const VICTIMS = ['inventory', 'orders', 'payments'];

/** Kills one copy of each service so many times, in no order and at no particular time. */
export class Killer {
  kills = 0;

  constructor(
    private readonly times: number,
    private readonly kill: (service: string) => boolean,
    private readonly random: () => number,
  ) {}

  get isDone(): boolean {
    return this.kills === this.times * VICTIMS.length;
  }

  async run(signal: AbortSignal): Promise<void> {
    const due = VICTIMS.flatMap((service) => Array.from({ length: this.times }, () => service));
    while (due.length > 0 && !signal.aborted) {
      await pause(this.random() * LONGEST_PAUSE_MS);
      const index = Math.floor(this.random() * due.length);
      const service = due[index];
      if (service === undefined || !this.kill(service)) continue;
      due.splice(index, 1);
      this.kills++;
    }
  }
}
