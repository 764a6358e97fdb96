// Generated from proto/ by `npm run generate`; do not edit.
export {
  ErrorResponse,
  ExtensionNumberResponse,
  ExtensionRequest,
  FileDescriptorResponse,
  ListServiceResponse,
  ServerReflectionRequest,
  ServerReflectionResponse,
  ServiceResponse,
} from './grpc/reflection/v1alpha/reflection.js';
