// Generated from proto/ by `npm run generate`; do not edit.
export { Duration } from './google/protobuf/duration.js';
export { Any } from './google/protobuf/any.js';
export { Timestamp } from './google/protobuf/timestamp.js';
