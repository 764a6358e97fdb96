import { appendFunctionInOneLook, firstAppendFunction } from './append-function.js';
import type { MigrationSet } from './migrations.js';
import { readFunctions } from './read-functions.js';

/**
 * `json` and not `jsonb`: an answer is given again letter by letter, and a text may hold U+0000. Names compare by their bytes,
 * whatever the database's language. The log has one row: who appends locks it until its transaction ends, so positions
 * are given out in the order of commits; nobody updates it, because an open transaction would keep each of its old forms.
 */
const TABLES = `
create table log (
  is_only boolean primary key default true check (is_only),
  epoch uuid not null default gen_random_uuid(),
  home text not null default ''
);
insert into log default values;

create table events (
  position bigint primary key,
  version bigint not null,
  recorded_at timestamptz not null,
  schema int not null,
  stream text collate "C" not null,
  category text collate "C" not null,
  type text collate "C" not null,
  data json not null,
  metadata json not null,
  unique (stream, version)
);

create table answered_commands (
  answered_at timestamptz not null,
  from_version bigint not null,
  to_version bigint not null,
  stream text collate "C" not null,
  principal text collate "C" not null,
  command_id text collate "C" not null,
  request_hash text collate "C" not null,
  outcome json not null,
  primary key (stream, principal, command_id)
);
create index on answered_commands using brin (answered_at);

create table snapshots (
  stream text collate "C" primary key,
  version bigint not null,
  schema int not null,
  state json not null
);

create table checkpoints (
  reader text collate "C" primary key,
  epoch text not null,
  position bigint not null,
  moved_at timestamptz not null default now()
);
`;

/**
 * A copy of a database (a dump read back, a template) begins with the epoch of its original, but it is another database of another
 * or the same server, and gets an epoch of its own. Checkpoints that came along with it know the same events as it does and
 * go with it; those that were kept elsewhere don't.
 */
const SETTLE_EPOCH = `
create function settle_epoch_v1() returns void language plpgsql as $$
declare
  here text;
  own event_store.log;
  renewed uuid := gen_random_uuid();
begin
  select c.system_identifier || '/' || d.oid into here
    from pg_control_system() c, pg_database d where d.datname = current_database();
  perform 1 from event_store.log where home = here;
  if found then return; end if;
  select * into own from event_store.log for update;
  if own.home = '' then
    update event_store.log set home = here;
  elsif own.home <> here then
    update event_store.log set home = here, epoch = renewed;
    update event_store.checkpoints set epoch = renewed::text where epoch = own.epoch::text;
  end if;
end $$;
`;

/** A large one is mostly ids, which the server would spend more time on than on writing them. */
const UNCOMPRESSED_SNAPSHOTS = 'alter table snapshots alter state set storage external';

/** The schema of the event store and of the checkpoints that are moved beside it. */
export const eventStoreMigrations: MigrationSet = {
  namespace: 'event_store',
  migrations: [
    {
      number: 1,
      name: 'the log, answered commands, snapshots and checkpoints',
      sql: TABLES + SETTLE_EPOCH + firstAppendFunction + readFunctions,
    },
    {
      number: 2,
      name: 'repeats are looked up once, snapshots are not compressed',
      sql: `${appendFunctionInOneLook}${UNCOMPRESSED_SNAPSHOTS}`,
    },
  ],
};
