export type { Endpoint, Instance } from './instance.js';
export { Registrar } from './registrar.js';
export { Resolver, type Watch } from './resolver.js';
export type { Snapshot } from './snapshot.js';
