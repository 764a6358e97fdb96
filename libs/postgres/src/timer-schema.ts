import type { MigrationSet } from './migrations.js';

/** `setting` tells one setting of a timer from the next: it never comes again. */
const TABLE = `
create sequence settings;
create table timers (
  due_at timestamptz not null,
  setting bigint not null default nextval('timers.settings'),
  attempts int not null default 0,
  task text collate "C" not null,
  key text collate "C" not null,
  payload json,
  primary key (task, key)
);
create index on timers (task, due_at);
`;

/** The schema of durable timers. */
export const timerMigrations: MigrationSet = {
  namespace: 'timers',
  migrations: [{ number: 1, name: 'timers', sql: TABLE }],
};
