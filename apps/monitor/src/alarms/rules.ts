import { failingRule } from './failing-rule.js';
import type { AlarmRule } from './finding.js';
import { linkRule } from './link-rule.js';
import { overloadRule } from './overload-rule.js';
import { silenceRule } from './silence-rule.js';
import { slowRule } from './slow-rule.js';

/** Everything that the monitor alarms on. */
export const rules: readonly AlarmRule[] = [silenceRule, failingRule, linkRule, slowRule, overloadRule];
