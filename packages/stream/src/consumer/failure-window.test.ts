import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { FailureWindow } from './failure-window.ts';

test('agrees with the definition over the last records', () => {
  fc.assert(
    fc.property(fc.array(fc.boolean(), { maxLength: 80 }), (results) => {
      const window = new FailureWindow({ records: 10, minimumRecords: 4, failureRatio: 0.5 });
      results.forEach((failed, index) => {
        window.add(failed);
        const last = results.slice(Math.max(0, index - 9), index + 1);
        const failures = last.filter(Boolean).length;
        assert.equal(window.mostlyFailing, last.length >= 4 && failures >= 0.5 * last.length);
      });
      window.clear();
      assert.equal(window.mostlyFailing, false);
    }),
  );
});
