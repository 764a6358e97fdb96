import { randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Clock, DomainError } from '@rookery/runtime';
import { z } from 'zod';
import type { DiscoveryObserver } from './discovery-observer.port.js';
import { toError } from './to-error.js';
import { toInstance } from './instance.mapper.js';
import type { Snapshot } from './snapshot.js';

/** A content that stays the same is written again this often, so that the file's age is true to the minute. */
const REWRITE_MS = 60_000;

/** A later layout gets another number, and older processes leave its files alone. */
const LAYOUT = 1;

const savedSnapshot = z.object({
  layout: z.literal(LAYOUT),
  service: z.string(),
  confirmedAt: z.int().min(0),
  instances: z.array(z.unknown()),
  outOfRotation: z.array(z.string()),
});

const savedNames = z.object({ layout: z.literal(LAYOUT), confirmedAt: z.int().min(0), names: z.array(z.string()) });

export interface SnapshotStoreOptions {
  /** Made when absent, readable by its owner alone. Several processes may share it. */
  readonly directory: string;
  /** What was confirmed longer ago is not read back. */
  readonly maxAgeMs: number;
  readonly clock: Clock;
  readonly observer: DiscoveryObserver;
}

/** The service names that the registry confirmed last. */
export interface SavedNames {
  readonly names: readonly string[];
  readonly confirmedAt: number;
}

interface Slot {
  savedAt: number;
  next: (() => string) | undefined;
  writing: Promise<void> | undefined;
}

/**
 * Remembers on disk what the registry said last, for a process that starts while the registry is down: one file for each
 * service, replaced as a whole, readable by its owner alone. It never fails its caller; what goes wrong is observed.
 */
export class SnapshotStore {
  private readonly slots = new Map<string, Slot>();

  constructor(private readonly options: SnapshotStoreOptions) {}

  saveSnapshot(snapshot: Snapshot, isChanged: boolean): void {
    const { service, confirmedAt, instances, outOfRotation } = snapshot;
    const content = { layout: LAYOUT, service, confirmedAt, instances, outOfRotation };
    this.save(service, snapshotFile(service), isChanged, () => JSON.stringify(content));
  }

  saveNames(saved: SavedNames, isChanged: boolean): void {
    this.save('', NAMES_FILE, isChanged, () => JSON.stringify({ layout: LAYOUT, ...saved }));
  }

  /** Undefined when there is none, or none that is readable and young enough. */
  async readSnapshot(service: string): Promise<Snapshot | undefined> {
    return this.read(service, snapshotFile(service), (data) => {
      const saved = savedSnapshot.parse(data);
      if (saved.service !== service) throw new Error(`it is about ${saved.service}`);
      const instances = saved.instances.map((instance) => toInstance(instance));
      return { service, instances, outOfRotation: saved.outOfRotation, confirmedAt: saved.confirmedAt, source: 'disk' };
    });
  }

  async readNames(): Promise<SavedNames | undefined> {
    return this.read('', NAMES_FILE, (data) => savedNames.parse(data));
  }

  /** Resolves when everything given to it is written or has failed. */
  async close(): Promise<void> {
    for (const slot of this.slots.values()) await slot.writing;
  }

  private async read<T extends { readonly confirmedAt: number }>(
    service: string,
    file: string,
    parse: (data: unknown) => T,
  ): Promise<T | undefined> {
    const path = join(this.options.directory, file);
    try {
      const saved = parse(JSON.parse(await readFile(path, 'utf8')));
      const ageMs = this.options.clock.now() - saved.confirmedAt;
      if (ageMs > this.options.maxAgeMs) throw new Error(`it was confirmed ${Math.round(ageMs / 1000)} s ago`);
      return saved;
    } catch (error) {
      if (!isAbsent(error)) this.report(service, `${path} is not used`, error);
      return undefined;
    }
  }

  /** One write at a time for each file; of several contents that wait, only the newest is written. */
  private save(service: string, file: string, isChanged: boolean, content: () => string): void {
    const slot = this.slots.get(file) ?? { savedAt: -Infinity, next: undefined, writing: undefined };
    this.slots.set(file, slot);
    const now = this.options.clock.monotonic();
    if (!isChanged && now - slot.savedAt < REWRITE_MS) return;
    slot.savedAt = now;
    slot.next = content;
    slot.writing ??= this.writeAll(service, file, slot);
  }

  private async writeAll(service: string, file: string, slot: Slot): Promise<void> {
    const { directory } = this.options;
    for (let next = slot.next; next !== undefined; next = slot.next) {
      slot.next = undefined;
      try {
        await mkdir(directory, { recursive: true, mode: 0o700 });
        await replaceFile(join(directory, file), next());
      } catch (error) {
        this.report(service, `${join(directory, file)} could not be written`, error);
      }
    }
    slot.writing = undefined;
  }

  private report(service: string, message: string, thrown: unknown): void {
    const cause = toError(thrown);
    const error = new DomainError('SNAPSHOT_UNUSABLE', `${message}: ${cause.message}`, { kind: 'unavailable', cause });
    this.options.observer.observe({ type: 'disk-failed', service, error });
  }
}

const NAMES_FILE = 'services.json';

function snapshotFile(service: string): string {
  return `service-${encodeURIComponent(service)}.json`;
}

/** A reader sees the old file or the new one, never half of either, also after a power cut. */
async function replaceFile(path: string, content: string): Promise<void> {
  const draft = `${path}.${randomUUID()}.draft`;
  try {
    const file = await open(draft, 'wx', 0o600);
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

function isAbsent(thrown: unknown): boolean {
  const error = toError(thrown);
  return 'code' in error && error.code === 'ENOENT';
}
