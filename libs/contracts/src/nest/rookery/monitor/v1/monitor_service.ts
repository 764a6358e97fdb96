// Generated from proto/ by `npm run generate`; do not edit.

import type { Observable } from 'rxjs';
import { monitor } from '../../../../messages/index.js';
import { bindController, type ControllerClass } from '../../../controller-methods.js';
import { isLonger, nest, NONE, report } from '../../../field-violations.js';
import type {
  CallContext,
  CallOptions,
  FieldViolation,
  MethodDefinition,
  ServiceDefinition,
} from '../../../service-definition.js';

export function checkReportRequest(value: monitor.ReportRequest): FieldViolation[] | undefined {
  let found: FieldViolation[] | undefined;
  if (value.reporter === undefined) found = report(found, 'reporter', 'is required');
  else {
    const reporterFound = checkReporter(value.reporter);
    if (reporterFound !== undefined) found = nest(found, 'reporter', reporterFound);
  }
  if (!(value.sequence >= 1)) found = report(found, 'sequence', 'must be at least 1');
  return found;
}

export function checkReporter(value: monitor.Reporter): FieldViolation[] | undefined {
  let found: FieldViolation[] | undefined;
  if (value.service === '') found = report(found, 'service', 'is required');
  else {
    if (isLonger(value.service, 128)) found = report(found, 'service', 'has more than 128 characters');
  }
  if (value.instanceId === '') found = report(found, 'instanceId', 'is required');
  else {
    if (isLonger(value.instanceId, 128)) found = report(found, 'instanceId', 'has more than 128 characters');
  }
  if (value.incarnation === '') found = report(found, 'incarnation', 'is required');
  else {
    if (isLonger(value.incarnation, 128)) found = report(found, 'incarnation', 'has more than 128 characters');
  }

  return found;
}

/** The methods of rookery.monitor.v1.MonitorService, by property. */
export interface MonitorServiceMethods {
  readonly report: MethodDefinition<monitor.ReportRequest, monitor.ReportResponse>;
}

const monitorServiceMethods: MonitorServiceMethods = {
  report: {
    name: 'Report',
    property: 'report',
    path: '/rookery.monitor.v1.MonitorService/Report',
    requestStream: false,
    responseStream: false,
    idempotency: 'idempotent',
    access: { scopes: [], isPublic: false, isInternal: true },
    routingKey: undefined,
    request: monitor.ReportRequest,
    response: monitor.ReportResponse,
    validate: (request) => checkReportRequest(request) ?? NONE,
  },
};

export const MonitorServiceDefinition: ServiceDefinition & { readonly method: MonitorServiceMethods } = {
  name: 'rookery.monitor.v1.MonitorService',
  service: 'monitor',
  isGrain: false,
  methods: [monitorServiceMethods.report],
  method: monitorServiceMethods,
};

/** Takes what every process saw, as a caller and as a callee. Read back over HTTP. */
export abstract class MonitorServiceClient {
  static readonly definition = MonitorServiceDefinition;

  /** One report of one process. Accepted once: a repeat of a sequence number is acknowledged and not counted again. */
  abstract report(request: monitor.ReportRequest, options?: CallOptions): Promise<monitor.ReportResponse>;
}

/** What a Nest controller of rookery.monitor.v1.MonitorService has. */
export interface MonitorServiceController {
  /** One report of one process. Accepted once: a repeat of a sequence number is acknowledged and not counted again. */
  report(
    request: monitor.ReportRequest,
    context: CallContext,
  ): monitor.ReportResponse | Promise<monitor.ReportResponse> | Observable<monitor.ReportResponse>;
}

/** Marks a controller of rookery.monitor.v1.MonitorService: each of its methods becomes the handler of the method's path. */
export function MonitorServiceControllerMethods(): (controller: ControllerClass<MonitorServiceController>) => void {
  return (controller) => bindController(MonitorServiceDefinition, controller);
}
