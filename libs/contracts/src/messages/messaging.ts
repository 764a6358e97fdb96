// Generated from proto/ by `npm run generate`; do not edit.
export { FeedEvent, FeedPosition, SubscribeRequest, SubscribeResponse } from './rookery/messaging/v1/feed.js';
