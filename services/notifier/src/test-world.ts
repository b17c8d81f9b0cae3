import { catalog, type feedAppended, notificationEvents } from '@sori/chat-events';
import {
  decodeEvent,
  type Event,
  type EventDraft,
  type EventsByType,
  encodeEvent,
  partitionForKey,
} from '@sori/contract';
import { createPublisher, DependencyUnavailable, type Logger, type LogRecord } from '@sori/stream';
import { createMemoryLog, type MemoryLog, VirtualClock } from '@sori/stream/memory';
import { createHealth, createMetrics, type Health } from '@sori/telemetry';
import type { AudienceReads } from './audience/reads.ts';
import { type Notifier, startNotifier } from './notifier.ts';

/** For tests only: notifiers on a log in this process, under virtual time. */

export type Feed = EventsByType<typeof catalog>[typeof feedAppended.type];

export const silentLogger: Logger = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  child: () => silentLogger,
};

/** Rooms and people of a test, which can be away as a database can. */
export class TestAudience implements AudienceReads {
  /** By `room@version`. */
  readonly members = new Map<string, readonly string[]>();
  readonly friends = new Map<string, readonly string[]>();
  readonly muted = new Map<string, readonly string[]>();
  readonly blockers = new Map<string, readonly string[]>();
  readonly asked: string[] = [];
  away = false;
  /** Resolves when a read of the room's members may be answered. */
  hold: ((roomId: string) => Promise<void>) | undefined;

  async membersAt(roomId: string, version: number): Promise<readonly string[]> {
    this.#ask(`members ${roomId}@${version}`);
    await this.hold?.(roomId);
    return this.members.get(`${roomId}@${version}`) ?? [];
  }

  async friendsOf(userId: string): Promise<readonly string[]> {
    this.#ask(`friends ${userId}`);
    return this.friends.get(userId) ?? [];
  }

  async quiet(senderId: string, roomId: string | null): Promise<ReadonlySet<string>> {
    this.#ask(`quiet ${senderId} ${roomId}`);
    const muted = roomId === null ? [] : (this.muted.get(roomId) ?? []);
    return new Set([...muted, ...(this.blockers.get(senderId) ?? [])]);
  }

  #ask(what: string): void {
    this.asked.push(what);
    if (this.away) throw new DependencyUnavailable('postgres');
  }
}

export class TestWorld implements AsyncDisposable {
  readonly clock = new VirtualClock();
  readonly log: MemoryLog = createMemoryLog({
    topics: Object.fromEntries(catalog.topics.map(({ name, partitions }) => [name, partitions])),
    clock: this.clock,
  });
  readonly audience = new TestAudience();
  readonly #stack = new AsyncDisposableStack();
  #ids = 0;

  async start(memberName = 'notifier-1'): Promise<TestNotifier> {
    const publisher = createPublisher({
      catalog,
      log: this.log.writer(),
      source: '/sori/notifier',
      clock: this.clock,
      logger: silentLogger,
    });
    this.#stack.use(publisher);
    const health = createHealth();
    const notifier = await startNotifier({
      memberName,
      catalog,
      reader: this.log.reader(),
      coordinator: this.log.coordinator(),
      publisher,
      reads: this.audience,
      logger: silentLogger,
      metrics: createMetrics({ service: 'notifier' }),
      health,
      clock: this.clock,
    });
    const running = new TestNotifier(notifier, health, this.clock);
    this.#stack.use(running);
    await this.clock.settle();
    return running;
  }

  /** Stores an event as another service would; its id is `event-<n>` unless given. */
  store(draft: EventDraft, attributes: Partial<Event> = {}): string {
    this.#ids += 1;
    const id = attributes.id ?? `event-${this.#ids}`;
    const encoded = encodeEvent(draft, {
      id,
      source: '/sori/gateway',
      time: attributes.time ?? new Date(this.clock.now()).toISOString(),
      correlationId: attributes.correlationId,
      traceparent: attributes.traceparent,
    });
    const { name, partitions } = draft.definition.topic;
    const partition = partitionForKey(Buffer.from(draft.key ?? ''), partitions);
    this.log.store({ topic: name, partition }, [encoded]);
    return id;
  }

  /** The records of notification.events. */
  records(): readonly LogRecord[] {
    return this.log.records(notificationEvents.name);
  }

  /** The notifications of an event, or all; those of one key in their order. */
  feed(sourceId?: string): readonly Feed[] {
    return this.records()
      .map((record) => decodeEvent(record, catalog.findEvent) as Feed)
      .filter(({ data }) => sourceId === undefined || data.source.id === sourceId);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = this.#stack.disposeAsync().then(() => this.log[Symbol.asyncDispose]());
    let settled = false;
    void closed.finally(() => {
      settled = true;
    });
    while (!settled) await this.clock.advance(1_000);
    await closed;
  }
}

/** A notifier whose end takes the virtual time that it takes. */
export class TestNotifier implements AsyncDisposable {
  readonly health: Health;
  readonly #notifier: Notifier;
  readonly #clock: VirtualClock;

  constructor(notifier: Notifier, health: Health, clock: VirtualClock) {
    this.#notifier = notifier;
    this.health = health;
    this.#clock = clock;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    let stopped = false;
    const stopping = Promise.resolve(this.#notifier[Symbol.asyncDispose]()).finally(() => {
      stopped = true;
    });
    while (!stopped) await this.#clock.advance(100);
    await stopping;
  }
}
