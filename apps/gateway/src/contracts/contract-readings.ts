import type { Instance } from '@rookery/discovery';
import { fullJitter } from '@rookery/resilience';
import type { Cancellable, Clock, Random, Scheduler } from '@rookery/runtime';

import type { Contract } from './contract.js';
import { type ContractReader, NoReflectionError } from './contract-reader.port.js';

export interface ReadingParts {
  readonly reader: ContractReader;
  readonly random: Random;
  readonly scheduler: Scheduler;
  readonly clock: Clock;
  /** The instances that have a contract now. */
  readonly instancesOf: (key: string) => readonly Instance[];
  /** Throws when the contract cannot be used; that counts as a failed attempt. */
  readonly onRead: (key: string, contract: Contract) => void;
  /** After each attempt, when all is in its place. Does not throw: nobody waits for an attempt. */
  readonly onSettled: () => void;
}

interface Reading {
  readonly expectedUntil: number;
  isExpected: boolean;
  attempts: number;
  lastError: string | undefined;
  retry: Cancellable | undefined;
}

const RETRY = { baseMs: 200, capMs: 15_000 };

/** Reads contracts by their keys: each attempt asks another of the instances that have it, until one answers. */
export class ContractReadings {
  private readonly readings = new Map<string, Reading>();

  constructor(private readonly parts: ReadingParts) {}

  get size(): number {
    return this.readings.size;
  }

  /** Some contract has been asked for, and nobody has answered or refused yet. */
  get isFirstOpen(): boolean {
    return [...this.readings.values()].some((reading) => reading.attempts === 0);
  }

  /** Some contract has not been read that is still expected to be. */
  get isAnyExpected(): boolean {
    const now = this.parts.clock.monotonic();
    return [...this.readings.values()].some((reading) => reading.isExpected && now < reading.expectedUntil);
  }

  entries(): { readonly key: string; readonly attempts: number; readonly lastError: string | undefined }[] {
    return [...this.readings].map(([key, { attempts, lastError }]) => ({ key, attempts, lastError }));
  }

  /** Asks until somebody answers; the answer is expected for `patienceMs`. */
  start(key: string, patienceMs: number): void {
    if (this.readings.has(key)) return;
    const expectedUntil = this.parts.clock.monotonic() + patienceMs;
    const reading: Reading = { expectedUntil, isExpected: true, attempts: 0, lastError: undefined, retry: undefined };
    this.readings.set(key, reading);
    void this.attempt(key, reading);
  }

  /** Stops reading what `isWanted` no longer holds for. An answer that still comes is ignored. */
  keepOnly(isWanted: (key: string) => boolean): void {
    for (const [key, reading] of this.readings) {
      if (isWanted(key)) continue;
      reading.retry?.cancel();
      this.readings.delete(key);
    }
  }

  private async attempt(key: string, reading: Reading): Promise<void> {
    const { instancesOf, onRead, onSettled, reader } = this.parts;
    const instances = instancesOf(key);
    const instance = instances[reading.attempts % Math.max(1, instances.length)];
    if (instance === undefined) return;
    try {
      const contract = await reader.read(instance);
      if (this.readings.get(key) !== reading) return;
      onRead(key, contract);
      this.readings.delete(key);
    } catch (error) {
      if (this.readings.get(key) !== reading) return;
      this.failed(key, reading, error);
    }
    onSettled();
  }

  private failed(key: string, reading: Reading, error: unknown): void {
    reading.attempts++;
    if (error instanceof NoReflectionError) reading.isExpected = false;
    reading.lastError = error instanceof Error ? error.message : String(error);
    const pause = fullJitter(reading.attempts, RETRY, this.parts.random);
    reading.retry = this.parts.scheduler.timer(pause, () => void this.attempt(key, reading));
  }
}
