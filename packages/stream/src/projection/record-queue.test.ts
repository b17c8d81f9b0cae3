import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { LogRecord } from '../ports/record.ts';
import { RecordQueue } from './record-queue.ts';

const record = (offset: number): LogRecord => ({
  ...{ topic: 'note.events', partition: 0, offset, timestamp: 0 },
  ...{ key: Buffer.from('key'), value: Buffer.alloc(offset % 7), headers: [] },
});

test('whatever is pushed and however much is taken, every record comes once and in order', () => {
  // A batch: how many records, how far apart, and how far the next one is from its end.
  const batch = fc.record({
    records: fc.nat({ max: 4 }),
    hole: fc.nat({ max: 2 }),
    after: fc.nat({ max: 3 }),
  });
  const step = fc.oneof(
    batch.map((pushed) => ({ pushed })),
    fc.record({ limit: fc.integer({ min: 1, max: 6 }), before: fc.array(batch, { maxLength: 2 }) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const queue = new RecordQueue();
      const pushed: number[] = [];
      const taken: number[] = [];
      let end = 0;
      let position = 0;
      const push = ({ records, hole, after }: { records: number; hole: number; after: number }) => {
        const offsets = Array.from({ length: records }, (_, index) => end + index * (1 + hole));
        pushed.push(...offsets);
        end = (offsets.at(-1) ?? end - 1) + 1 + after;
        queue.push({ records: offsets.map(record), nextOffset: end });
      };
      const take = (limit: number, meanwhile: () => void): void => {
        const head = queue.head(limit);
        // A transaction takes time, and more comes from the log.
        meanwhile();
        assert.ok(head.records.length <= limit && head.to >= position);
        for (const { offset } of head.records) assert.ok(offset >= position && offset < head.to);
        taken.push(...head.records.map(({ offset }) => offset));
        position = head.to;
        queue.remove(head);
      };
      for (const what of steps) {
        if ('pushed' in what) push(what.pushed);
        else if (!queue.isEmpty) take(what.limit, () => what.before.forEach(push));
      }
      while (!queue.isEmpty) take(3, () => {});
      assert.deepEqual(taken, pushed);
      assert.deepEqual([position, queue.records, queue.bytes], [end, 0, 0]);
    }),
  );
});
