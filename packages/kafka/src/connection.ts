import type { Logger } from '@sori/stream';

/** How to reach a cluster. */
export interface KafkaOptions {
  /** Bootstrap brokers, `host:port`. */
  readonly brokers: readonly string[];
  /** The client id that brokers write in their logs and quotas; no spaces. */
  readonly clientId: string;
  readonly logger: Logger;
}

/** How long one TCP connect may take. */
export const CONNECT_TIMEOUT_MS = 2_000;

/** The pause between two tries of anything: flat, so that a failover is noticed soon. */
export const RETRY_DELAY_MS = 250;

/** After this, a close stops being polite: sockets are destroyed. */
export const CLOSE_TIMEOUT_MS = 2_000;

/** Options of every client of @platformatic/kafka: `strict`, or misspelt options go unnoticed. */
export function clientOptions(options: KafkaOptions, brokers = options.brokers) {
  return {
    clientId: options.clientId,
    bootstrapBrokers: Array.from(brokers),
    strict: true,
    autocreateTopics: false,
    connectTimeout: CONNECT_TIMEOUT_MS,
  };
}

/**
 * The client asks the first bootstrap broker that accepts a connection, again and again, even if it
 * hangs. A client that is made anew starts with another one.
 */
export function rotate<T>(items: readonly T[], by: number): readonly T[] {
  const start = items.length === 0 ? 0 : by % items.length;
  return [...items.slice(start), ...items.slice(0, start)];
}

/** What closing needs of a client: its pool, as the client's `connections` getter gives it. */
interface ClosableClient {
  readonly connections: Iterable<readonly [string, { readonly socket: DestroyableSocket }]>;
  close(force?: boolean): Promise<void>;
}

/** Undefined until the connection has dialled, whatever the client's types say. */
type DestroyableSocket = { destroy(): unknown } | undefined;

/**
 * Closes a client within CLOSE_TIMEOUT_MS. A close first waits for bytes that are still to be
 * written, which a hung broker never takes; then the sockets are destroyed.
 */
export async function closeClient(client: ClosableClient, logger: Logger): Promise<void> {
  // The pool forgets its connections as it closes them, so they are collected first.
  const connections = Array.from(client.connections, ([, connection]) => connection);
  const closing = client.close(true).catch((err: unknown) => {
    logger.warn({ err }, 'closing a kafka client failed');
  });
  const { promise: expired, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(() => {
    for (const connection of connections) connection.socket?.destroy();
    resolve();
  }, CLOSE_TIMEOUT_MS);
  await Promise.race([closing, expired]);
  clearTimeout(timer);
}
