import type { MigrationSet } from '@rookery/postgres';

/** `version` counts the changes of a booking: who would change one that another has changed meanwhile looks at it again. */
const TABLE = `
create table bookings (
  key text collate "C" primary key,
  version int not null,
  status text not null check (status in ('held', 'declined', 'taken', 'given-up')),
  reference text,
  card text,
  currency text,
  minor_units bigint,
  authorise_asked int not null,
  capture_asked int not null,
  void_asked int not null
);
`;

/** What the simulated provider remembers, in a schema that payments itself never reads: another company's, so to say. */
export const providerSimulationMigrations: MigrationSet = {
  namespace: 'provider_simulation',
  migrations: [{ number: 1, name: 'bookings', sql: TABLE }],
};
