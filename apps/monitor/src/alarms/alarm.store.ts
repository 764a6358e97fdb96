import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { type Alarm, ALARM_STATES } from './alarm.js';
import { CAUSES } from './finding.js';

/** What a monitor that starts again has to know of the one before. */
export interface KeptAlarms {
  readonly firing: readonly Alarm[];
  /** Alarms whose newest state no receiver has taken yet. */
  readonly untold: readonly Alarm[];
}

const VERSION = 1;
const NONE: KeptAlarms = { firing: [], untold: [] };

/** What a `Date` can hold. */
const keptTime = z.number().min(0).max(8.64e15);

const keptAlarm = z
  .object({
    fingerprint: z.string(),
    name: z.string(),
    cause: z.enum(CAUSES),
    severity: z.enum(['critical', 'warning']),
    service: z.string(),
    instance: z.string(),
    state: z.enum(ALARM_STATES),
    summary: z.string(),
    facts: z.record(z.string(), z.string()),
    pendingAt: keptTime,
    firingAt: keptTime.optional(),
    resolvedAt: keptTime.optional(),
    history: z.array(z.object({ state: z.enum(ALARM_STATES), at: keptTime, summary: z.string() })),
  })
  .transform((alarm): Alarm => ({ ...alarm, firingAt: alarm.firingAt, resolvedAt: alarm.resolvedAt }));

const keptAlarms = z.object({ version: z.literal(VERSION), firing: z.array(keptAlarm), untold: z.array(keptAlarm) });

/** Keeps alarms in a file, so that a monitor that is killed neither repeats nor forgets what it told. */
export class AlarmStore {
  private next: string | undefined;
  private writing: Promise<void> | undefined;

  /** Without a path nothing is kept. */
  constructor(
    private readonly path: string | undefined,
    private readonly warn: (message: string) => void,
  ) {}

  /** What was kept; nothing if there is no file, or one that cannot be read or holds anything else. */
  async load(): Promise<KeptAlarms> {
    if (this.path === undefined) return NONE;
    try {
      const { success, data, error } = keptAlarms.safeParse(JSON.parse(await readFile(this.path, 'utf8')));
      if (success) return { firing: data.firing, untold: data.untold };
      const [issue] = error.issues;
      this.warn(`${this.path} is not used, earlier alarms are forgotten: ${issue?.path.join('.')}: ${issue?.message}`);
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
