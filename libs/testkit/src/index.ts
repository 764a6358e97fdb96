export { describedInstance } from './described-instance.js';
export { isAlive } from './process-life.js';
export { HeldResolver } from './held.resolver.js';
export { PrivatePostgres } from './private-postgres.js';
export { query } from './query.js';
export { type TestDatabase, testDatabase } from './test-database.js';
export { RunningProgram } from './running-program.js';
export { certificateFile, TlsFolder } from './tls-folder.js';
export { until, untilFound } from './until.js';
