// Generated from proto/ by `npm run generate`; do not edit.
export {
  CalleeView,
  CallerView,
  CodeCount,
  Histogram,
  HistogramBucket,
  LinkState,
  LinkView,
  Outcomes,
  ReportRequest,
  ReportResponse,
  Reporter,
  StoppedTask,
  Vitals,
} from './rookery/monitor/v1/monitor_service.js';
