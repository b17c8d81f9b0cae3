import { randomBytes } from 'node:crypto';
import { catalog } from '@sori/chat-events';
import { createKafka } from '@sori/kafka';
import { createTestTopics, renamedTopics, silentLogger, testCluster } from '@sori/kafka/testing';
import { until } from '@sori/postgres/testing';
import {
  createPublisher,
  type GroupCoordinator,
  type LogReader,
  type LogRecord,
  type Publisher,
  type TopicPartitionOffset,
} from '@sori/stream';

/** For tests only: every topic of the catalog on the real cluster, under names of the test's own. */
export interface TestLog extends AsyncDisposable {
  /** What the real names begin with; of groups too. */
  readonly prefix: string;
  readonly publisher: Publisher;
  reader(): LogReader;
  coordinator(): GroupCoordinator;
  /** Where each partition of every topic ends now. */
  ends(): Promise<readonly TopicPartitionOffset[]>;
  /** Every record that is there now, partition by partition in order. */
  records(): Promise<readonly LogRecord[]>;
}

export async function createTestLog(): Promise<TestLog> {
  await using making = new AsyncDisposableStack();
  const prefix = `analytics-test-${randomBytes(4).toString('hex')}.`;
  const cluster = testCluster();
  const topics = making.use(createTestTopics(cluster));
  const kafka = making.use(createKafka(cluster));
  for (const { name, partitions } of catalog.topics) {
    await topics.createNamed(`${prefix}${name}`, partitions);
  }
  const renamed = renamedTopics(prefix);
  const reader = renamed.reader(kafka.reader());
  const log = renamed.writer(kafka.writer());
  const publisher = making.use(
    createPublisher({ catalog, log, source: '/sori/test', logger: silentLogger }),
  );
  const names = catalog.topics.map(({ name }) => name);
  const ends = () => reader.listOffsets(names, 'latest');
  const stack = making.move();
  return {
    prefix,
    publisher,
    reader: () => reader,
    coordinator: () => renamed.coordinator(kafka.coordinator(), prefix),
    ends,
    records: async () => readAll(reader, await ends()),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

async function readAll(
  reader: LogReader,
  ends: readonly TopicPartitionOffset[],
): Promise<readonly LogRecord[]> {
  const records: LogRecord[] = [];
  const left = new Map(ends.map((end) => [`${end.topic}/${end.partition}`, end.offset]));
  for (const [key, offset] of left) if (offset === 0) left.delete(key);
  await using subscription = reader.open({
    sink: {
      records(batch) {
        records.push(...batch.records);
        const key = `${batch.topic}/${batch.partition}`;
        if (batch.nextOffset >= (left.get(key) ?? Number.POSITIVE_INFINITY)) left.delete(key);
      },
      outOfRange() {},
      failing() {},
      recovered() {},
    },
  });
  for (const { topic, partition } of ends) subscription.assign({ topic, partition, offset: 0 });
  await until('all is read', () => left.size === 0);
  return records;
}
