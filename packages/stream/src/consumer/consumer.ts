import { type Catalog, DefinitionError, type GroupDefinition } from '@sori/contract';
import { loadWeighted } from '../assignor/load-weighted.ts';
import { systemClock } from '../clock.ts';
import type { GroupMember } from '../ports/membership.ts';
import type { TopicPartition } from '../ports/record.ts';
import { AssignedPartitions } from './assigned-partitions.ts';
import { Breaker, DEFAULT_BREAKER } from './breaker.ts';
import { CommitLoop } from './commit-loop.ts';
import { DeadLetters } from './dead-letters.ts';
import { GroupSession } from './group-session.ts';
import {
  type CommitOptions,
  type Consumer,
  type ConsumerHealth,
  type ConsumerOptions,
  DEFAULT_LIMITS,
  type HandlerContext,
  type Handlers,
} from './options.ts';
import type { AnyHandler } from './pending-record.ts';
import { RecordRouter } from './record-routing.ts';
import { DEFAULT_RETRY } from './retry-policy.ts';
import { runMember } from './run-member.ts';
import { silentConsumerMetrics } from './silent-metrics.ts';

const COMMIT_INTERVAL_MS = 300;
const COMMIT_EVERY_RECORDS = 5_000;

/**
 * Makes a member of a consumer group that hands typed events to handlers: at least once, in order
 * for each key, dead-lettering what cannot be handled. Throws DefinitionError for a handler of an
 * event type that the catalog, or the group's topics, do not hold, and RangeError for bad limits.
 */
export function createConsumer<C extends Catalog>(options: ConsumerOptions<C>): Consumer {
  return new GroupConsumer(options);
}

class GroupConsumer<C extends Catalog> implements Consumer {
  readonly #options: ConsumerOptions<C>;
  readonly #handlers: ReadonlyMap<string, AnyHandler<HandlerContext>>;
  readonly #limits;
  readonly #retry;
  readonly #breaker;
  readonly #commit;
  readonly #clock;
  readonly #logger;
  readonly #metrics;
  #started = false;
  #parts:
    | {
        readonly partitions: AssignedPartitions;
        readonly session: GroupSession;
        readonly breaker: Breaker<TopicPartition>;
        readonly member: GroupMember;
      }
    | undefined;

  constructor(options: ConsumerOptions<C>) {
    const { catalog, group, handlers } = options;
    this.#options = options;
    this.#handlers = checkedHandlers(catalog, group, handlers);
    this.#limits = checked({ ...DEFAULT_LIMITS, ...options.limits });
    this.#retry = checked({ ...DEFAULT_RETRY, ...options.retry });
    this.#breaker = checked({ ...DEFAULT_BREAKER, ...options.breaker });
    this.#commit = checked(commitTimes(options.commit));
    this.#clock = options.clock ?? systemClock;
    this.#logger = options.logger.child({ group: group.id, member: options.memberName });
    this.#metrics = options.metrics ?? silentConsumerMetrics;
  }

  async run(signal: AbortSignal): Promise<void> {
    if (this.#started) throw new Error('a consumer runs once');
    this.#started = true;
    if (signal.aborted) return;
    const { catalog, coordinator, group, memberName, publisher, reader } = this.#options;
    const clock = this.#clock;
    const logger = this.#logger;
    const metrics = this.#metrics;
    const limits = this.#limits;

    const partitions = new AssignedPartitions({ now: () => clock.now(), logger, metrics });
    await using subscription = reader.open({ sink: partitions });
    using breaker = new Breaker<TopicPartition>({
      options: this.#breaker,
      clock,
      logger,
      metrics,
      onChange: () => partitions.pump(),
    });
    using commits = new CommitLoop({
      ...this.#commit,
      clock,
      logger,
      commit: (offsets) => member.commit(offsets),
      partitions: () => partitions.runners.values(),
    });
    const session = new GroupSession({ partitions, commits, limits, clock, logger, metrics });
    partitions.connect({
      router: new RecordRouter(catalog, group, this.#handlers),
      deadLetters: new DeadLetters({ group: group.id, publisher, clock }),
      breaker,
      subscription,
      limits,
      retry: this.#retry,
      autoCommit: this.#options.commit?.mode === 'auto',
      clock,
      logger,
      metrics,
      dispatch: () => session.dispatch,
      onProgress: () => commits.progressed(),
      onIdle: () => session.idle(),
    });
    await using member = coordinator.member({
      group: group.id,
      topics: catalog.topicsOf(group).map(({ name }) => name),
      assignor: this.#options.assignor ?? loadWeighted(catalog),
      memberName,
      sessionTimeoutMs: limits.sessionTimeoutMs,
      listener: session,
    });
    this.#parts = { partitions, session, breaker, member };

    await runMember({ member, session, signal, logger });
  }

  health(): ConsumerHealth {
    const parts = this.#parts;
    if (parts === undefined) return IDLE;
    const { partitions, session, breaker, member } = parts;
    const now = this.#clock.now();
    const ageOf = (at: number | undefined): number | undefined =>
      at === undefined ? undefined : Math.max(0, now - at);
    return {
      state: session.state,
      generation: session.generation,
      heartbeatAgeMs: ageOf(member.lastHeartbeatAt || undefined),
      lastRecordsAgeMs: ageOf(partitions.lastRecordsAt),
      readFailingForMs: ageOf(partitions.failingSince),
      oldestUndoneAgeMs: ageOf(partitions.oldestUndoneAt),
      breaker: breaker.isOpen ? 'open' : 'closed',
      assignment: [...partitions.runners.values()].map((runner) => runner.health()),
    };
  }
}

const IDLE: ConsumerHealth = {
  state: 'idle',
  generation: undefined,
  heartbeatAgeMs: undefined,
  lastRecordsAgeMs: undefined,
  readFailingForMs: undefined,
  oldestUndoneAgeMs: undefined,
  breaker: 'closed',
  assignment: [],
};

function checkedHandlers<C extends Catalog>(
  catalog: C,
  group: GroupDefinition,
  handlers: Handlers<C>,
): ReadonlyMap<string, AnyHandler<HandlerContext>> {
  const topics = new Set(catalog.topicsOf(group).map(({ name }) => name));
  const checked = new Map<string, AnyHandler<HandlerContext>>();
  for (const [type, handler] of Object.entries(handlers)) {
    const event = catalog.findEvent(type);
    if (event === undefined || !topics.has(event.topic.name)) {
      throw new DefinitionError(
        `group "${group.id}" has a handler for "${type}", which is on none of its topics`,
      );
    }
    // The decoder has checked the data against the type's schema before the handler sees it.
    if (handler !== undefined) checked.set(type, handler as AnyHandler<HandlerContext>);
  }
  return checked;
}

function commitTimes(commit: CommitOptions | undefined): {
  readonly intervalMs: number;
  readonly everyRecords: number;
} {
  if (commit?.mode === 'auto') {
    return { intervalMs: commit.intervalMs, everyRecords: Number.POSITIVE_INFINITY };
  }
  return {
    intervalMs: commit?.intervalMs ?? COMMIT_INTERVAL_MS,
    everyRecords: commit?.everyRecords ?? COMMIT_EVERY_RECORDS,
  };
}

/** Throws RangeError for a number that is not above 0; only jitter, a share, may be 0. */
function checked<T extends object>(options: T): T {
  for (const [name, value] of Object.entries(options)) {
    if (name === 'jitter' ? value >= 0 && value <= 1 : value > 0) continue;
    const range = name === 'jitter' ? 'from 0 to 1' : 'above 0';
    throw new RangeError(`${name} must be ${range}, not ${value}`);
  }
  return options;
}
