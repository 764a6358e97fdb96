// Generated from proto/ by `npm run generate`; do not edit.

export { bindController, type ControllerClass } from './controller-methods.js';
export { contractDigest, fileDescriptorSet, fileDescriptorsOf } from './descriptors.js';
export type {
  CallContext,
  CallOptions,
  FieldViolation,
  GrainCallOptions,
  MessageCodec,
  MethodAccess,
  MethodDefinition,
  RequestValidator,
  ServiceDefinition,
} from './service-definition.js';
export {
  HealthClient,
  type HealthController,
  HealthControllerMethods,
  HealthDefinition,
} from './grpc/health/v1/health.js';
export {
  ServerReflectionClient,
  type ServerReflectionController,
  ServerReflectionControllerMethods,
  ServerReflectionDefinition,
} from './grpc/reflection/v1/reflection.js';
export {
  ServerReflectionV1alphaClient,
  type ServerReflectionV1alphaController,
  ServerReflectionV1alphaControllerMethods,
  ServerReflectionV1alphaDefinition,
} from './grpc/reflection/v1alpha/reflection.js';
export {
  TestServiceClient,
  type TestServiceController,
  TestServiceControllerMethods,
  TestServiceDefinition,
  UnimplementedServiceClient,
  type UnimplementedServiceController,
  UnimplementedServiceControllerMethods,
  UnimplementedServiceDefinition,
} from './grpc/testing/test.js';
export {
  InventoryServiceClient,
  type InventoryServiceController,
  InventoryServiceControllerMethods,
  InventoryServiceDefinition,
  type InventoryServiceGrain,
  InventoryServiceGrainClient,
} from './rookery/inventory/v1/inventory_service.js';
export { LinkClient, type LinkController, LinkControllerMethods, LinkDefinition } from './rookery/link/v1/link.js';
export {
  FeedServiceClient,
  type FeedServiceController,
  FeedServiceControllerMethods,
  FeedServiceDefinition,
} from './rookery/messaging/v1/feed.js';
export {
  MonitorServiceClient,
  type MonitorServiceController,
  MonitorServiceControllerMethods,
  MonitorServiceDefinition,
} from './rookery/monitor/v1/monitor_service.js';
export {
  OrdersServiceClient,
  type OrdersServiceController,
  OrdersServiceControllerMethods,
  OrdersServiceDefinition,
  type OrdersServiceGrain,
  OrdersServiceGrainClient,
  OrderQueryServiceClient,
  type OrderQueryServiceController,
  OrderQueryServiceControllerMethods,
  OrderQueryServiceDefinition,
} from './rookery/orders/v1/orders_service.js';
export {
  PaymentsServiceClient,
  type PaymentsServiceController,
  PaymentsServiceControllerMethods,
  PaymentsServiceDefinition,
  type PaymentsServiceGrain,
  PaymentsServiceGrainClient,
} from './rookery/payments/v1/payments_service.js';
export {
  PricingServiceClient,
  type PricingServiceController,
  PricingServiceControllerMethods,
  PricingServiceDefinition,
} from './rookery/pricing/v1/pricing_service.js';
export {
  CounterServiceClient,
  type CounterServiceController,
  CounterServiceControllerMethods,
  CounterServiceDefinition,
  type CounterServiceGrain,
  CounterServiceGrainClient,
} from './rookery/testing/v1/counter_service.js';
