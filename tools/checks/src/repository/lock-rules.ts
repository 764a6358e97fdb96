/** A way to have others wait, which no aggregate needs: its stream's version is the fence. */
export interface LockRule {
  readonly name: string;
  readonly pattern: RegExp;
}

export const lockRules: readonly LockRule[] = [
  { name: 'row lock', pattern: /\bfor\s+(no\s+key\s+)?update\b|\bfor\s+(key\s+)?share\b/i },
  { name: 'advisory lock', pattern: /\bpg_(try_)?advisory_\w+/i },
  {
    name: 'table lock',
    pattern:
      /\block\s+table\b|\block\s+[\w."]+\s+in\s+[a-z ]+\smode\b|(^|['"`;])\s*lock\s+(only\s+)?[\w."]+\s*(['"`;]|$)/im,
  },
  { name: 'lock of Consul', pattern: /\/v1\/session\/|\bsession\.(create|renew)\b|[?&]acquire=|\bacquire\s*:/i },
  { name: 'lock of ZooKeeper', pattern: /['"`/](read-|write-)?lock-|\/_?locks?[-/'"`]|\bzookeeper-lock\b/i },
];

/** Where a lock may be, and why. */
export const lockPlaces: Readonly<Record<string, string>> = {
  'libs/postgres/src/append-function.ts': 'positions are given out in the order of commits',
  'libs/postgres/src/event-store-schema.ts': 'a migration: one process settles the epoch of a copied database',
  'libs/postgres/src/migrations.ts': 'one process migrates at a time',
  'libs/postgres/src/postgres-election.ts': 'who holds the lock leads',
};

/** The locks in a text, by the names of the rules. Comments count as well: nobody has to tell SQL from them. */
export function locksIn(text: string): readonly string[] {
  return lockRules.filter(({ pattern }) => pattern.test(text)).map(({ name }) => name);
}
