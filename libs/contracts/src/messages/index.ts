// Generated from proto/ by `npm run generate`; do not edit.
export * as actors from './actors.js';
export * as googleApi from './googleApi.js';
export * as googleProtobuf from './googleProtobuf.js';
export * as googleRpc from './googleRpc.js';
export * as grpcTesting from './grpcTesting.js';
export * as health from './health.js';
export * as inventory from './inventory.js';
export * as link from './link.js';
export * as messaging from './messaging.js';
export * as monitor from './monitor.js';
export * as options from './options.js';
export * as orders from './orders.js';
export * as payments from './payments.js';
export * as pricing from './pricing.js';
export * as reflection from './reflection.js';
export * as reflectionV1alpha from './reflectionV1alpha.js';
export * as testing from './testing.js';
