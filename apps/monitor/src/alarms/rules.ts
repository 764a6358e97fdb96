import { failingRule } from './failing-rule.js';
import type { AlarmRule } from './finding.js';
import { linkRule } from './link-rule.js';
import { overloadRule } from './overload-rule.js';
import { refusingRule } from './refusing-rule.js';
import { serviceRule } from './service-rule.js';
import { silenceRule } from './silence-rule.js';
import { slowRule } from './slow-rule.js';
import { taskRule } from './task-rule.js';

/** Everything that the monitor alarms on. */
export const rules: readonly AlarmRule[] = [
  silenceRule,
  serviceRule,
  failingRule,
  refusingRule,
  linkRule,
  slowRule,
  overloadRule,
  taskRule,
];
