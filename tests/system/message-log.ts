import { messageEvents, messageSent } from '@sori/chat-events';
import { createKafka } from '@sori/kafka';
import type { Logger, LogRecord } from '@sori/stream';

const silent: Logger = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  child: () => silent,
};

/** By room: the ids of all messages that were sent, in the order of the log. */
export async function readMessageLog(
  brokers: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  await using kafka = createKafka({ brokers, clientId: 'test-message-log', logger: silent });
  const reader = kafka.reader();
  const [starts, ends] = await Promise.all([
    reader.listOffsets([messageEvents.name], 'earliest'),
    reader.listOffsets([messageEvents.name], 'latest'),
  ]);
  const left = new Map(ends.map(({ partition, offset }) => [partition, offset]));
  for (const { partition, offset } of starts) {
    if (offset === left.get(partition)) left.delete(partition);
  }
  const log = new Map<string, string[]>();
  const done = Promise.withResolvers<void>();
  if (left.size === 0) done.resolve();
  await using subscription = reader.open({
    sink: {
      records: ({ partition, records, nextOffset }) => {
        for (const record of records) note(log, record);
        if (nextOffset < (left.get(partition) ?? 0)) return;
        left.delete(partition);
        if (left.size === 0) done.resolve();
      },
      outOfRange: () => done.reject(new Error('the log lost records while it was read')),
      failing: () => {},
      recovered: () => {},
    },
  });
  for (const start of starts) if (left.has(start.partition)) subscription.assign(start);
  await done.promise;
  return log;
}

function note(log: Map<string, string[]>, { headers, value }: LogRecord): void {
  const type = headers.find(({ key }) => key === 'ce_type')?.value.toString('utf8');
  if (type !== messageSent.type || value === null) return;
  const { roomId, messageId } = JSON.parse(value.toString('utf8')) as {
    readonly roomId: string;
    readonly messageId: string;
  };
  const room = log.get(roomId) ?? [];
  room.push(messageId);
  log.set(roomId, room);
}
