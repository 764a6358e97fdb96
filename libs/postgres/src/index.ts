export { Database, type DatabaseOptions } from './database.js';
export { eventStoreMigrations } from './event-store-schema.js';
export { migrate, type Migration, type MigrationSet } from './migrations.js';
export { PostgresCheckpoints } from './postgres-checkpoints.js';
export { PostgresElection, type PostgresElectionOptions } from './postgres-election.js';
export { PostgresEventStore, type PostgresEventStoreOptions } from './postgres-event-store.js';
export { PostgresTimers } from './postgres-timers.js';
export type { Answer, Statement, Transaction } from './statement.js';
export { timerMigrations } from './timer-schema.js';
