export { Database, type DatabaseOptions } from './database.js';
export { eventStoreMigrations } from './event-store-schema.js';
export { migrate, type Migration, type MigrationSet } from './migrations.js';
export { PostgresEventStore, type PostgresEventStoreOptions } from './postgres-event-store.js';
export type { Answer, Statement, Transaction } from './statement.js';
