// Generated from proto/ by `npm run generate`; do not edit.
export { AddRequest, AddResponse, GetTotalRequest, GetTotalResponse } from './rookery/testing/v1/counter_service.js';
