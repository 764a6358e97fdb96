import type { monitor } from '@rookery/contracts/messages';
import { type MonitorServiceController, MonitorServiceControllerMethods } from '@rookery/contracts/nest';
import { Clock } from '@rookery/runtime';
import { Controller } from '@nestjs/common';
import { toReport } from './report.mapper.js';
import { Reporters } from './reporters.js';
import { Traffic } from './traffic.js';

/** Takes reports. Windows follow the arrival, on the monitor's own clock: reporters' clocks need not agree. */
@Controller()
@MonitorServiceControllerMethods()
export class ReportGrpcController implements MonitorServiceController {
  constructor(
    private readonly reporters: Reporters,
    private readonly traffic: Traffic,
    private readonly clock: Clock,
  ) {}

  report(request: monitor.ReportRequest): monitor.ReportResponse {
    const report = toReport(request);
    const at = this.clock.monotonic();
    if (this.reporters.note(report, at) === 'accepted') this.traffic.record(report, at);
    return {};
  }
}
