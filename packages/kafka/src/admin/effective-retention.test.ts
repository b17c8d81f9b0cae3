import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  DAY_MS,
  defineTopic,
  GIBIBYTE,
  HOUR_MS,
  MINUTE_MS,
  type TopicOptions,
} from '@sori/contract';
import { effectiveRetention } from './effective-retention.ts';

function retentionOf(options: Partial<TopicOptions>, compressionRatio?: number) {
  const topic = defineTopic({
    name: 'room.events',
    description: 'Rooms',
    partitions: 10,
    replicationFactor: 3,
    key: 'room_id',
    retention: { class: 'short', ms: 7 * DAY_MS },
    expectedLoad: { eventsPerSecond: 1_000, bytesPerSecond: 1_000_000 },
    ...options,
  });
  return effectiveRetention(topic, compressionRatio);
}

describe('effectiveRetention', () => {
  const sized: Partial<TopicOptions> = {
    retention: { class: 'short', ms: 7 * DAY_MS, bytes: 10 * GIBIBYTE },
    segment: { bytes: GIBIBYTE },
  };

  test('a size that fills sooner than the time passes decides', () => {
    const found = retentionOf(sized);
    assert.equal(found?.limitedBy, 'bytes');
    // 10 GiB at 100,000 bytes a second: 29.8 hours, and one segment more.
    assert.ok(Math.abs(found.atLeastMs / HOUR_MS - 29.826) < 0.001);
    assert.ok(Math.abs(found.atMostMs / found.atLeastMs - 1.1) < 0.001);
  });

  test('compression stretches the size until the time decides', () => {
    assert.equal(retentionOf(sized, 2)?.limitedBy, 'bytes');
    assert.equal(retentionOf(sized, 6)?.limitedBy, 'time');
  });

  test('a segment that closes after minutes makes an hour an hour', () => {
    assert.deepEqual(
      retentionOf({
        retention: { class: 'transient', ms: HOUR_MS },
        segment: { ms: 10 * MINUTE_MS },
      }),
      { atLeastMs: HOUR_MS, atMostMs: HOUR_MS + 10 * MINUTE_MS, limitedBy: 'time' },
    );
  });

  test('a topic that takes nothing keeps its last segment a week longer', () => {
    assert.deepEqual(retentionOf({ expectedLoad: { eventsPerSecond: 0, bytesPerSecond: 0 } }), {
      atLeastMs: 7 * DAY_MS,
      atMostMs: 14 * DAY_MS,
      limitedBy: 'time',
    });
  });

  test('a compacted topic has no end', () => {
    assert.equal(retentionOf({ cleanup: 'compact' }), undefined);
  });
});
