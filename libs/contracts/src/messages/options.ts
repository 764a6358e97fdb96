// Generated from proto/ by `npm run generate`; do not edit.
export { Access, Rules } from './rookery/options/v1/options.js';
