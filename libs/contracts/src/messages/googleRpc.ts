// Generated from proto/ by `npm run generate`; do not edit.
export { Code } from './google/rpc/code.js';
export { BadRequest, BadRequest_FieldViolation, ErrorInfo, RetryInfo } from './google/rpc/error_details.js';
export { Status } from './google/rpc/status.js';
