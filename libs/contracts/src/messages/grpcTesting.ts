// Generated from proto/ by `npm run generate`; do not edit.
export { Empty } from './grpc/testing/empty.js';
export {
  BoolValue,
  EchoStatus,
  GrpclbRouteType,
  Payload,
  PayloadType,
  ResponseParameters,
  SimpleRequest,
  SimpleResponse,
  StreamingInputCallRequest,
  StreamingInputCallResponse,
  StreamingOutputCallRequest,
  StreamingOutputCallResponse,
} from './grpc/testing/messages.js';
