import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { catalog, chatNotificationGroup, notificationGroup } from '@sori/chat-events';
import { createKafka } from '@sori/kafka';
import { createTestTopics, renamedTopics, testCluster } from '@sori/kafka/testing';
import type { GroupCoordinator, LogReader, LogWriter } from '@sori/stream';

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
  const rename = renamedTopics(prefix);
  const stack = making.move();
  return {
    writer: () => rename.writer(kafka.writer()),
    reader: () => rename.reader(kafka.reader()),
    coordinator: (scope) => rename.coordinator(kafka.coordinator(), `${prefix}${scope}-`),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
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
