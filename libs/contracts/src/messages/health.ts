// Generated from proto/ by `npm run generate`; do not edit.
export { HealthCheckRequest, HealthCheckResponse, HealthCheckResponse_ServingStatus } from './grpc/health/v1/health.js';
