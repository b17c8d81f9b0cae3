import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { catalog, chatNotificationGroup, notificationGroup } from '@sori/chat-events';
import { createKafka } from '@sori/kafka';
import { createTestTopics, testCluster } from '@sori/kafka/testing';
import type {
  Assignor,
  GroupCoordinator,
  LogReader,
  LogSink,
  LogWriter,
  TopicPartition,
} from '@sori/stream';

/** For tests only: the catalog's topics on the real cluster, under names of a test's own. */

/** The ports of a log whose topics are the test's; the code under test sees the catalog's names. */
export interface TestCluster extends AsyncDisposable {
  writer(): LogWriter;
  reader(): LogReader;
  /** Groups of different `scope` know nothing of each other. */
  coordinator(scope: string): GroupCoordinator;
}

/** Makes every topic that the notifier reads or writes. They are gone after the test. */
export async function createTestCluster(): Promise<TestCluster> {
  await using making = new AsyncDisposableStack();
  const prefix = `notifier-test-${randomBytes(4).toString('hex')}.`;
  const options = testCluster();
  const topics = making.use(createTestTopics(options));
  const kafka = making.use(createKafka(options));
  const read = [notificationGroup, chatNotificationGroup].flatMap((group) =>
    catalog.topicsOf(group).map(({ name }) => name),
  );
  const names = new Set([...read, ...read.map((name) => `${name}.dlq`), 'notification.events']);
  for (const name of names) {
    await topics.createNamed(`${prefix}${name}`, catalog.topic(name).partitions);
  }
  const rename = renaming(prefix);
  const stack = making.move();
  return {
    writer: () => rename.writer(kafka.writer()),
    reader: () => rename.reader(kafka.reader()),
    coordinator: (scope) => rename.coordinator(kafka.coordinator(), `${prefix}${scope}-`),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

function renaming(prefix: string) {
  const there = <T extends TopicPartition>(place: T): T => ({
    ...place,
    topic: `${prefix}${place.topic}`,
  });
  const here = <T extends TopicPartition>(place: T): T => ({
    ...place,
    topic: place.topic.slice(prefix.length),
  });
  const sinkFor = (sink: LogSink): LogSink => ({
    records: (batch) => sink.records({ ...here(batch), records: batch.records.map(here) }),
    outOfRange: (event) => sink.outOfRange({ ...event, partition: here(event.partition) }),
    failing: (event) => sink.failing({ ...event, partitions: event.partitions.map(here) }),
    recovered: (event) => sink.recovered({ partitions: event.partitions.map(here) }),
  });
  const assignorFor = (assignor: Assignor): Assignor => ({
    name: assignor.name,
    assign(members, topics) {
      const local = members.map((member) => ({
        ...member,
        topics: member.topics.map((topic) => topic.slice(prefix.length)),
      }));
      const localTopics = topics.map((topic) => ({
        ...topic,
        name: topic.name.slice(prefix.length),
      }));
      const assigned = assignor.assign(local, localTopics);
      return new Map([...assigned].map(([id, partitions]) => [id, partitions.map(there)]));
    },
  });
  return {
    writer: (log: LogWriter): LogWriter => ({
      partitionCount: (topic) => log.partitionCount(`${prefix}${topic}`),
      openPartition: (target, options) => log.openPartition(there(target), options),
      [Symbol.asyncDispose]: () => log[Symbol.asyncDispose](),
    }),
    reader: (log: LogReader): LogReader => ({
      partitionCount: (topic) => log.partitionCount(`${prefix}${topic}`),
      listOffsets: async (topics, at) =>
        (
          await log.listOffsets(
            topics.map((topic) => `${prefix}${topic}`),
            at,
          )
        ).map(here),
      open({ sink, ...rest }) {
        const subscription = log.open({ ...rest, sink: sinkFor(sink) });
        return {
          assign: (start) => subscription.assign(there(start)),
          unassign: (partition) => subscription.unassign(there(partition)),
          pause: (partition) => subscription.pause(there(partition)),
          resume: (partition) => subscription.resume(there(partition)),
          [Symbol.asyncDispose]: () => subscription[Symbol.asyncDispose](),
        };
      },
      [Symbol.asyncDispose]: () => log[Symbol.asyncDispose](),
    }),
    coordinator: (groups: GroupCoordinator, scope: string): GroupCoordinator => ({
      member(options) {
        const { listener } = options;
        const member = groups.member({
          ...options,
          group: `${scope}${options.group}`,
          topics: options.topics.map((topic) => `${prefix}${topic}`),
          assignor: assignorFor(options.assignor),
          listener: {
            revoking: () => listener.revoking(),
            assigned: (assignment) =>
              listener.assigned({ ...assignment, partitions: assignment.partitions.map(here) }),
            lost: (cause) => listener.lost(cause),
          },
        });
        return {
          join: (signal) => member.join(signal),
          commit: (offsets) => member.commit(offsets.map(there)),
          leave: () => member.leave(),
          get lastHeartbeatAt() {
            return member.lastHeartbeatAt;
          },
          [Symbol.asyncDispose]: () => member[Symbol.asyncDispose](),
        };
      },
      [Symbol.asyncDispose]: () => groups[Symbol.asyncDispose](),
    }),
  };
}

/** A way to a server that can be closed: connections break, and new ones are refused. */
export interface Gate extends AsyncDisposable {
  readonly port: number;
  close(): Promise<void>;
  open(): Promise<void>;
}

export async function createGate(target: {
  readonly host: string;
  readonly port: number;
}): Promise<Gate> {
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(target);
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(socket);
      socket.pipe(other);
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
    }
  });
  const listen = async (port: number): Promise<void> => {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
  };
  await listen(0);
  const { port } = server.address() as AddressInfo;
  const close = async (): Promise<void> => {
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  return { port, close, open: () => listen(port), [Symbol.asyncDispose]: close };
}
