import { createHash } from 'node:crypto';
import { DomainError } from '@rookery/runtime';
import type { Database } from './database.js';
import type { Transaction } from './statement.js';

/** One step of a schema. What was once applied anywhere is never changed: a change is the next migration. */
export interface Migration {
  /** From 1, without gaps. */
  readonly number: number;
  /** What it does, in a few words. */
  readonly name: string;
  /** Statements that run in a transaction, with the namespace's schema first in `search_path`. */
  readonly sql: string;
  /**
   * Left out for one that expands: it only adds, so that code of the version before works on as if nothing had happened. One that
   * contracts takes something away. It names the migration that code must know in order not to miss it: always an earlier
   * one, which came with a version before, so that this version and the one before run side by side.
   */
  readonly understoodFrom?: number;
}

/** The migrations of one part of a database, which has an SQL schema of its own, named `namespace`. */
export interface MigrationSet {
  readonly namespace: string;
  readonly migrations: readonly Migration[];
}

interface Applied {
  readonly namespace: string;
  readonly number: number;
  readonly checksum: string;
  readonly understood_from: number;
}

const NAMESPACE = /^[a-z][a-z0-9_]{0,62}$/;
/** One for all who migrate this database; the pair of numbers is a name space of its own among advisory locks. */
const LOCK = 'select pg_advisory_xact_lock(1919903595, 1)';
/** For one statement, such as the wait until another process has migrated. */
const STATEMENT_LIMIT_MS = 600_000;
/** A change that waits longer for its table would hold up everybody who comes behind it; it is tried at the next start. */
const TABLE_LOCK_MS = 10_000;

/**
 * Brings a database up to what this code knows, all or nothing, one process at a time; those that come later find nothing to do
 * and write nothing. Gives the names of what it applied.
 *
 * Throws `DomainError` SCHEMA_TOO_NEW when the database was contracted beyond this code, and SCHEMA_DIFFERS when a migration
 * was changed after it had been applied.
 */
export async function migrate(database: Database, sets: readonly MigrationSet[]): Promise<readonly string[]> {
  sets.forEach(requireSound);
  if (await isUpToDate(database, sets)) return [];
  return database.longTransaction(STATEMENT_LIMIT_MS, async (transaction) => {
    await transaction.script(LOCK);
    await transaction.script(`set local lock_timeout = ${TABLE_LOCK_MS}`);
    await transaction.script(`
      create schema if not exists rookery;
      create table if not exists rookery.migrations (
        namespace text, number int, name text not null, checksum text not null,
        understood_from int not null, applied_at timestamptz not null default now(),
        primary key (namespace, number)
      )`);
    const applied = await readApplied(transaction);
    const done: string[] = [];
    for (const set of sets) {
      for (const migration of pendingOf(set, applied)) done.push(await apply(transaction, set.namespace, migration));
    }
    return done;
  });
}

async function isUpToDate(database: Database, sets: readonly MigrationSet[]): Promise<boolean> {
  const { rows } = await database.query<{ found: boolean }>({
    text: "select to_regclass('rookery.migrations') is not null as found",
  });
  if (rows[0]?.found !== true) return false;
  const applied = await readApplied(database);
  return sets.every((set) => pendingOf(set, applied).length === 0);
}

async function readApplied(source: Pick<Transaction, 'query'>): Promise<readonly Applied[]> {
  const text = 'select namespace, number, checksum, understood_from from rookery.migrations order by namespace, number';
  return (await source.query<Applied>({ text })).rows;
}

function pendingOf({ namespace, migrations }: MigrationSet, all: readonly Applied[]): readonly Migration[] {
  const applied = all.filter((row) => row.namespace === namespace);
  const known = migrations.length;
  const needed = Math.max(0, ...applied.map(({ understood_from }) => understood_from));
  if (needed > known) {
    throw new DomainError(
      'SCHEMA_TOO_NEW',
      `the schema ${namespace} is for code that knows its migration ${needed}; this code knows ${known}`,
    );
  }
  for (const { number, checksum } of applied) {
    const own = migrations[number - 1];
    if (own !== undefined && checksumOf(own) !== checksum) {
      const message = `migration ${number} of ${namespace} (${own.name}) is not the one that was applied`;
      throw new DomainError('SCHEMA_DIFFERS', message);
    }
  }
  return migrations.slice(applied.length);
}

async function apply(transaction: Transaction, namespace: string, migration: Migration): Promise<string> {
  const { name, number, understoodFrom = 0 } = migration;
  await transaction.script(`create schema if not exists ${namespace}; set local search_path to ${namespace}, public`);
  await applyStep(transaction, namespace, migration);
  await transaction.query({
    text: `insert into rookery.migrations (namespace, number, name, checksum, understood_from)
           values ($1, $2, $3, $4, $5)`,
    values: [namespace, number, name, checksumOf(migration), understoodFrom],
  });
  return `${namespace} ${number}: ${name}`;
}

async function applyStep(transaction: Transaction, namespace: string, { name, number, sql }: Migration): Promise<void> {
  try {
    await transaction.script(sql);
  } catch (error) {
    // A DomainError says that the server is away, and not that the step is wrong.
    if (error instanceof DomainError || !(error instanceof Error)) throw error;
    throw new Error(`migration ${number} of ${namespace} (${name}): ${error.message}`, { cause: error });
  }
}

function checksumOf({ sql }: Migration): string {
  return createHash('sha256').update(sql).digest('hex');
}

function requireSound({ namespace, migrations }: MigrationSet): void {
  if (!NAMESPACE.test(namespace)) throw new RangeError(`a namespace is a lower-case word, not "${namespace}"`);
  migrations.forEach(({ number, name, understoodFrom = 0 }, index) => {
    if (number !== index + 1) throw new RangeError(`migration ${index + 1} of ${namespace} is numbered ${number}`);
    if (understoodFrom >= number) {
      const rule = 'what contracts must be understood from an earlier migration on';
      throw new RangeError(`migration ${number} of ${namespace} (${name}): ${rule}, not ${understoodFrom}`);
    }
  });
}
