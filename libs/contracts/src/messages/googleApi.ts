// Generated from proto/ by `npm run generate`; do not edit.
export { CustomHttpPattern, Http, HttpRule } from './google/api/http.js';
