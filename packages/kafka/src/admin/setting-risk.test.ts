import assert from 'node:assert/strict';
import { test } from 'node:test';
import { settingRisk } from './setting-risk.ts';

const CASES: readonly (readonly [string, string | null, string | null, string])[] = [
  ['retention.ms', '604800000', '3600000', 'loses-data'],
  ['retention.ms', '3600000', '604800000', 'safe'],
  ['retention.ms', '3600000', '-1', 'safe'],
  ['retention.ms', '-1', '604800000', 'loses-data'],
  // As numbers, not as text.
  ['retention.bytes', '9', '10', 'safe'],
  ['retention.bytes', '-1', '10737418240', 'loses-data'],
  ['retention.bytes', '10737418240', '-1', 'safe'],
  // What is there now is not known: it may be more.
  ['retention.bytes', null, '10', 'loses-data'],
  ['cleanup.policy', 'delete', 'compact', 'loses-data'],
  ['cleanup.policy', 'delete', 'compact,delete', 'loses-data'],
  ['cleanup.policy', 'compact', 'delete', 'loses-data'],
  ['cleanup.policy', 'compact,delete', 'compact', 'safe'],
  ['cleanup.policy', 'delete,compact', 'compact,delete', 'safe'],
  ['segment.ms', '604800000', '600000', 'safe'],
  ['compression.type', 'producer', 'snappy', 'safe'],
  ['max.message.bytes', '2000000', '1000000', 'safe'],
];

for (const [setting, from, to, expected] of CASES) {
  test(`${setting} from ${from} to ${to}: ${expected}`, () => {
    assert.equal(settingRisk(setting, from, to).class, expected);
  });
}

test('what needs consent says why', () => {
  for (const [setting, from, to, expected] of CASES) {
    const { reason } = settingRisk(setting, from, to);
    if (expected !== 'safe') assert.notEqual(reason, '');
  }
});
