import {
  type ChatCatalog,
  chatNotificationGroup,
  notificationEvents,
  notificationGroup,
} from '@sori/chat-events';
import type { GroupDefinition } from '@sori/contract';
import {
  type Clock,
  createConsumer,
  type GroupCoordinator,
  type Handlers,
  type Logger,
  type LogReader,
  type Publisher,
} from '@sori/stream';
import { addConsumerChecks, type Health, type Metrics } from '@sori/telemetry';
import type { AudienceReads } from './audience/reads.ts';
import { chatNotificationHandlers, notificationHandlers } from './handlers.ts';
import { createNotify } from './notify.ts';

export interface NotifierOptions {
  /** A name that outlives restarts, as `notifier-1`. */
  readonly memberName: string;
  readonly catalog: ChatCatalog;
  readonly reader: LogReader;
  readonly coordinator: GroupCoordinator;
  /** For notifications and dead letters. Stays the caller's. */
  readonly publisher: Publisher;
  readonly reads: AudienceReads;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly health: Health;
  readonly clock?: Clock;
}

/** Disposing it finishes what is being handled, commits and leaves both groups. */
export type Notifier = AsyncDisposable;

/**
 * Starts a member of both groups that turn events into notifications. Resolves when notifications can
 * be published; rejects when they cannot within the publisher's deadline. It is ready when both
 * groups have given it partitions, or none because others have them all.
 */
export async function startNotifier(options: NotifierOptions): Promise<Notifier> {
  const { health, logger, metrics, publisher, reads } = options;
  let warm = false;
  health.ready('publisher', () => (warm ? undefined : 'the log has not answered yet'));
  await publisher.warmUp([notificationEvents.name]);
  warm = true;

  const notify = createNotify({ publisher, reads });
  const stopping = new AbortController();

  function run(group: GroupDefinition, handlers: Handlers<ChatCatalog>): Promise<void> {
    const { catalog, clock, coordinator, memberName, reader } = options;
    const consumer = createConsumer({
      group,
      catalog,
      memberName,
      reader,
      coordinator,
      publisher,
      handlers,
      logger,
      metrics: metrics.consumer(group.id, memberName),
      ...(clock === undefined ? {} : { clock }),
    });
    const checks = addConsumerChecks(health, group.id, consumer);
    return consumer.run(stopping.signal).catch((cause: unknown) => {
      // Nothing is lost: others take over, and this process says that it wants to be restarted.
      logger.error({ group: group.id, err: cause }, 'a consumer ended');
      checks.ended(cause);
    });
  }

  const running = [
    run(notificationGroup, notificationHandlers(notify)),
    run(chatNotificationGroup, chatNotificationHandlers(notify)),
  ];
  return {
    async [Symbol.asyncDispose]() {
      health.drain();
      stopping.abort();
      await Promise.all(running);
    },
  };
}
