import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Registry } from 'prom-client';
import { createRelayMetrics } from './metrics.ts';

test('what a relay counts has these names and labels', async () => {
  const registry = new Registry();
  const metrics = createRelayMetrics(registry);
  metrics.active(true);
  metrics.published('user.events');
  metrics.published('user.events');
  metrics.failed('user.events', 'STREAM_DELIVERY_UNKNOWN');
  metrics.parked('chat.events');
  metrics.backlog({ waitingRows: 7, oldestAgeSeconds: 1.5, parkedRows: 2 });
  const lines = (await registry.metrics()).split('\n');
  assert.deepEqual(
    lines.filter((line) => line !== '' && !line.startsWith('#')),
    [
      'sori_outbox_published_total{topic="user.events"} 2',
      'sori_outbox_failures_total{topic="user.events",code="STREAM_DELIVERY_UNKNOWN"} 1',
      'sori_outbox_parked_total{topic="chat.events"} 1',
      'sori_outbox_relay_active 1',
      'sori_outbox_backlog_rows 7',
      'sori_outbox_oldest_age_seconds 1.5',
      'sori_outbox_parked_rows 2',
    ],
  );
});
