import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Alarm } from './alarm.js';

/** What a monitor that starts again has to know of the one before. */
export interface KeptAlarms {
  readonly firing: readonly Alarm[];
  /** Alarms whose newest state no receiver has taken yet. */
  readonly untold: readonly Alarm[];
}

const VERSION = 1;
const NONE: KeptAlarms = { firing: [], untold: [] };

/** Keeps alarms in a file, so that a monitor that is killed neither repeats nor forgets what it told. */
export class AlarmStore {
  private next: string | undefined;
  private writing: Promise<void> | undefined;

  /** Without a path nothing is kept. */
  constructor(
    private readonly path: string | undefined,
    private readonly warn: (message: string) => void,
  ) {}

  /** What was kept; nothing if there is no file or it cannot be read. */
  async load(): Promise<KeptAlarms> {
    if (this.path === undefined) return NONE;
    try {
      const kept: unknown = JSON.parse(await readFile(this.path, 'utf8'));
      if (isKept(kept)) return kept;
      this.warn(`${this.path} is not of version ${VERSION}: earlier alarms are forgotten`);
    } catch (error) {
      const { code } = Object(error) as { readonly code?: unknown };
      if (code !== 'ENOENT') this.warn(`${this.path} cannot be read, earlier alarms are forgotten: ${String(error)}`);
    }
    return NONE;
  }

  /** While a write is under way only the newest state waits. Never throws. */
  keep(alarms: KeptAlarms): void {
    if (this.path === undefined) return;
    this.next = JSON.stringify({ version: VERSION, ...alarms });
    this.writing ??= this.write(this.path).finally(() => (this.writing = undefined));
  }

  /** Resolves when all is written. */
  async settled(): Promise<void> {
    await this.writing;
  }

  private async write(path: string): Promise<void> {
    while (this.next !== undefined) {
      const content = this.next;
      this.next = undefined;
      try {
        await mkdir(dirname(path), { recursive: true, mode: 0o700 });
        await writeFile(`${path}.draft`, content, { mode: 0o600, flush: true });
        await rename(`${path}.draft`, path);
      } catch (error) {
        this.warn(`${path} cannot be written: ${String(error)}`);
      }
    }
  }
}

function isKept(value: unknown): value is KeptAlarms {
  const { version, firing, untold } = Object(value) as Record<string, unknown>;
  return version === VERSION && Array.isArray(firing) && Array.isArray(untold);
}
