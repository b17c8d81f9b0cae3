import { createMemoryLog, type MemoryLog, VirtualClock } from '@sori/stream/memory';
import type { EdgeLimits } from '../limits.ts';
import { notificationRecord, type TestNotification } from './notifications.ts';
import type { TestDevice } from './test-device.ts';
import { createTestEdge, TEST_TOPIC, type TestEdge } from './test-edge.ts';

/** For tests only: one edge on a log in memory, in time that a test lets pass. */
export interface World extends AsyncDisposable {
  readonly clock: VirtualClock;
  readonly log: MemoryLog;
  readonly edge: TestEdge;
  /** Appends a notification and lets it be read and written. */
  notify(notification?: Partial<TestNotification>, partition?: number): Promise<void>;
  connect(device: TestDevice, options?: Parameters<TestDevice['connect']>[1]): Promise<void>;
}

/** Longer than a write tick. */
const WRITTEN_MS = 50;

export async function startWorld(limits: Partial<EdgeLimits> = {}, partitions = 2): Promise<World> {
  const clock = new VirtualClock();
  const log = createMemoryLog({ topics: { [TEST_TOPIC]: partitions }, clock });
  const edge = createTestEdge(log.reader(), clock, limits);
  await edge.delivery.reader.start();
  let appended = 0;
  return {
    clock,
    log,
    edge,
    async notify(notification = {}, partition = 0) {
      const sourceId = `event-${appended++}`;
      const time = new Date(clock.now()).toISOString();
      const record = notificationRecord({ recipients: ['ann'], sourceId, time, ...notification });
      log.store({ topic: TEST_TOPIC, partition }, [record]);
      await clock.advance(WRITTEN_MS);
    },
    async connect(device, options) {
      device.connect(edge.delivery, options);
      await clock.advance(WRITTEN_MS);
    },
    async [Symbol.asyncDispose]() {
      await edge[Symbol.asyncDispose]();
      await log[Symbol.asyncDispose]();
    },
  };
}
