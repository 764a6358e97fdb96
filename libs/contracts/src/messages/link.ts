// Generated from proto/ by `npm run generate`; do not edit.
export {
  Batch,
  Call,
  Cancel,
  CollectRequest,
  CollectResponse,
  Credit,
  Frame,
  Goodbye,
  Hello,
  MetadataEntry,
  Ping,
  Pong,
  Refusal,
  Refusal_Reason,
  Reply,
} from './rookery/link/v1/link.js';
