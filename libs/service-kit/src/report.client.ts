import { MonitorServiceClient } from '@rookery/contracts/nest';
import type { RpcClient } from '@rookery/rpc';
import { type ReportMessage, ReportSender } from '@rookery/telemetry';

/** Brings reports to the monitor over rpc. The service that takes them is a setting, so it is asked for by name. */
export class ReportClient extends ReportSender {
  constructor(
    private readonly rpc: RpcClient,
    private readonly service: string,
  ) {
    super();
  }

  async send(report: ReportMessage, timeoutMs: number): Promise<void> {
    const [method] = MonitorServiceClient.definition.methods;
    if (method === undefined) throw new Error('the contract of the monitor has no method to report by');
    // The reporter sends again itself, under the same number: a retry below it would only be a second one.
    await this.rpc.channel(this.service).unary(method, report, { timeoutMs, isIdempotent: false });
  }
}
