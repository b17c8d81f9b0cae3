import { ProtocolError } from '@platformatic/kafka';
import {
  LogError,
  type LogSink,
  type LogSubscription,
  type LogSubscriptionOptions,
  type RecordBatch,
  type TopicPartition,
  type TopicPartitionOffset,
} from '@sori/stream';
import {
  type BrokerAddress,
  type ClusterView,
  type TopicLayout,
  toOffset,
} from '../cluster-view.ts';
import { type KafkaOptions, RETRY_DELAY_MS } from '../connection.ts';
import { pause } from '../deadline.ts';
import { toLogError } from '../errors.ts';
import { BrokerLoop, type LoopOwner } from './broker-loop.ts';
import { decodeBatches, type FetchedPartition, type FetchResponse } from './decode-batches.ts';
import { type FetchPlan, type PlannedFetch, planFetch } from './fetch-plan.ts';
import { createCursor, type PartitionCursor, partitionKey } from './partition-cursor.ts';

const DEFAULT_MAX_WAIT_MS = 500;

/** Failures in a row before the sink hears of them: one is normal when a leader moves. */
const FAILURES_BEFORE_TELLING = 2;

const NO_ERROR = 0;
const OFFSET_OUT_OF_RANGE = 1;

/**
 * Reads assigned partitions with one loop for each broker that leads some of them. Loops start when a
 * leader is known and end when their broker leads nothing. A sink that throws is a bug: it ends the
 * process as an unhandled rejection.
 *
 * A partition assigned while its broker already holds a fetch is read from the next one on, at most
 * `maxWaitMs` later.
 */
export class KafkaSubscription implements LogSubscription, LoopOwner {
  readonly #options: KafkaOptions;
  readonly #view: ClusterView;
  readonly #sink: LogSink;
  readonly #maxWaitMs: number;
  readonly #onDispose: () => void;
  readonly #closed = new AbortController();
  readonly #cursors = new Map<string, PartitionCursor>();
  readonly #loops = new Map<number, BrokerLoop>();
  readonly #topicsToLocate = new Set<string>();
  #brokers: ReadonlyMap<number, BrokerAddress> = new Map();
  #locating = false;

  constructor(
    options: KafkaOptions,
    view: ClusterView,
    { sink, maxWaitMs = DEFAULT_MAX_WAIT_MS }: LogSubscriptionOptions,
    onDispose: () => void,
  ) {
    this.#options = options;
    this.#view = view;
    this.#sink = sink;
    this.#maxWaitMs = maxWaitMs;
    this.#onDispose = onDispose;
  }

  assign(start: TopicPartitionOffset): void {
    if (this.#closed.signal.aborted) return;
    const position = toOffset(BigInt(start.offset));
    const cursor = createCursor(start, position);
    const before = this.#cursors.get(partitionKey(start));
    cursor.paused = before?.paused ?? false;
    this.#cursors.set(partitionKey(start), cursor);
    this.#locate(start.topic);
  }

  unassign(partition: TopicPartition): void {
    this.#cursors.delete(partitionKey(partition));
    this.#wakeLoops();
  }

  pause(partition: TopicPartition): void {
    const cursor = this.#cursors.get(partitionKey(partition));
    if (cursor === undefined) return;
    cursor.paused = true;
    cursor.pausedAt = performance.now();
  }

  resume(partition: TopicPartition): void {
    const cursor = this.#cursors.get(partitionKey(partition));
    if (cursor === undefined || !cursor.paused) return;
    cursor.paused = false;
    if (cursor.held === undefined) this.#wakeLoops();
    // Not from inside the call, which may come from the sink's own `records`.
    else queueMicrotask(() => this.#deliverHeld(cursor));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed.abort();
    this.#cursors.clear();
    this.#onDispose();
    await Promise.all(Array.from(this.#loops.values(), (loop) => loop.close()));
  }

  plan(node: number, turn: number): FetchPlan {
    const now = performance.now();
    return planFetch(this.#cursors.values(), { node, now, maxWaitMs: this.#maxWaitMs, turn });
  }

  addressOf(node: number): BrokerAddress | undefined {
    return this.#brokers.get(node);
  }

  finished(node: number): void {
    this.#loops.delete(node);
  }

  answered(plan: FetchPlan, response: FetchResponse): void {
    const found = new Map<string, FetchedPartition>();
    for (const { topicId, partitions } of response.responses) {
      for (const fetched of partitions) found.set(`${topicId}/${fetched.partitionIndex}`, fetched);
    }
    const report = new OutageReport();
    const batches: { cursor: PartitionCursor; batch: RecordBatch }[] = [];
    for (const fetch of plan.fetches) {
      if (!this.#isDue(fetch)) continue;
      const { cursor, topicId } = fetch;
      const batch = this.#take(cursor, found.get(`${topicId}/${cursor.target.partition}`), report);
      if (batch !== undefined) batches.push({ cursor, batch });
    }
    this.#tell(report);
    for (const { cursor, batch } of batches) this.#deliver(cursor, batch);
  }

  failed(plan: FetchPlan, error: unknown): void {
    const cause = toLogError(error, 'fetching from a broker');
    const due = plan.fetches.filter((fetch) => this.#isDue(fetch)).map(({ cursor }) => cursor);
    if (cause.reason === 'rejected' && plan.fetches.length > 1) {
      // Perhaps one partition holds bytes that the client cannot read: each is fetched alone once.
      for (const cursor of due) cursor.isolated = true;
      return;
    }
    const report = new OutageReport();
    for (const cursor of due) this.#fail(cursor, cause, report);
    this.#tell(report);
  }

  /** A late answer: the partition was given away, assigned anew, or answered by its new leader. */
  #isDue({ cursor, offset }: PlannedFetch): boolean {
    return this.#isCurrent(cursor) && cursor.position === offset && !cursor.suspended;
  }

  #isCurrent(cursor: PartitionCursor): boolean {
    return this.#cursors.get(partitionKey(cursor.target)) === cursor;
  }

  /** Moves the cursor over what was fetched, and gives it; undefined when there is nothing new. */
  #take(
    cursor: PartitionCursor,
    fetched: FetchedPartition | undefined,
    report: OutageReport,
  ): RecordBatch | undefined {
    if (fetched?.errorCode === OFFSET_OUT_OF_RANGE) {
      this.#lookUpPosition(cursor, 'where-possible');
      return undefined;
    }
    if (fetched !== undefined && fetched.errorCode !== NO_ERROR) {
      this.#fail(cursor, new ProtocolError(fetched.errorCode), report);
      return undefined;
    }
    try {
      // A partition with nothing new is left out of the answer (KIP-227).
      const batch = fetched === undefined ? undefined : toRecordBatch(cursor, fetched);
      this.#succeed(cursor, report);
      if (batch === undefined) return undefined;
      cursor.position = batch.nextOffset;
      return batch;
    } catch (error) {
      this.#fail(cursor, error, report);
      return undefined;
    }
  }

  #deliver(cursor: PartitionCursor, batch: RecordBatch): void {
    if (!this.#isCurrent(cursor)) return;
    if (cursor.paused) cursor.held = batch;
    else this.#sink.records(batch);
  }

  #deliverHeld(cursor: PartitionCursor): void {
    const batch = cursor.held;
    if (batch === undefined || cursor.paused) return;
    cursor.held = undefined;
    this.#deliver(cursor, batch);
    this.#wakeLoops();
  }

  #succeed(cursor: PartitionCursor, report: OutageReport): void {
    cursor.failures = 0;
    cursor.isolated = false;
    if (!cursor.failing) return;
    cursor.failing = false;
    report.recovered.push(cursor.target);
  }

  #fail(cursor: PartitionCursor, error: unknown, report: OutageReport): void {
    cursor.failures++;
    cursor.retryAt = performance.now() + RETRY_DELAY_MS;
    this.#locate(cursor.target.topic);
    if (cursor.failing || cursor.failures < FAILURES_BEFORE_TELLING) return;
    cursor.failing = true;
    report.failing.push(cursor.target);
    report.cause ??= toLogError(error, 'reading a partition');
  }

  #tell({ failing, recovered, cause }: OutageReport): void {
    if (this.#closed.signal.aborted) return;
    if (recovered.length > 0) this.#sink.recovered({ partitions: recovered });
    if (cause !== undefined) this.#sink.failing({ partitions: failing, cause });
  }

  #locate(topic: string): void {
    this.#topicsToLocate.add(topic);
    if (this.#locating) return;
    this.#locating = true;
    void this.#locateAll();
  }

  async #locateAll(): Promise<void> {
    // Partitions are assigned many at a time: their topics are asked for together.
    await Promise.resolve();
    while (this.#topicsToLocate.size > 0 && !this.#closed.signal.aborted) {
      const topics = Array.from(this.#topicsToLocate);
      this.#topicsToLocate.clear();
      const located = await Promise.all(topics.map((topic) => this.#locateTopic(topic)));
      if (this.#closed.signal.aborted) break;
      this.#startLoops();
      if (located.includes(false)) await pause(RETRY_DELAY_MS, this.#closed.signal);
    }
    this.#locating = false;
  }

  /** Whether every assigned partition of the topic has a leader now. */
  async #locateTopic(topic: string): Promise<boolean> {
    const cursorsOf = () =>
      Array.from(this.#cursors.values()).filter((cursor) => cursor.target.topic === topic);
    if (cursorsOf().length === 0) return true;
    const report = new OutageReport();
    let complete = true;
    try {
      const layout = await this.#view.describeTopicOnce(topic);
      this.#brokers = new Map([...this.#brokers, ...layout.brokers]);
      for (const cursor of cursorsOf()) {
        this.#place(cursor, layout);
        if (cursor.leader !== undefined) continue;
        complete = false;
        const { partition } = cursor.target;
        const reason = partition in layout.leaders ? 'unavailable' : 'unknown-topic';
        this.#fail(cursor, new LogError(reason, `${topic}-${partition} has no leader`), report);
      }
    } catch (error) {
      complete = false;
      // Those with a leader go on; if it is dead their own fetch says so.
      for (const cursor of cursorsOf()) {
        if (cursor.leader === undefined) this.#fail(cursor, error, report);
      }
      this.#topicsToLocate.add(topic);
    }
    this.#tell(report);
    return complete;
  }

  #place(cursor: PartitionCursor, layout: TopicLayout): void {
    const before = cursor.topicId;
    cursor.topicId = layout.id;
    cursor.leader = layout.leaders[cursor.target.partition];
    if (before !== undefined && before !== layout.id) this.#lookUpPosition(cursor, 'earliest');
  }

  #startLoops(): void {
    for (const { leader } of this.#cursors.values()) {
      if (leader === undefined || this.#loops.has(leader)) continue;
      const loop = new BrokerLoop(this.#options, this, leader, this.#maxWaitMs);
      this.#loops.set(leader, loop);
      void loop.run();
    }
    this.#wakeLoops();
  }

  #wakeLoops(): void {
    for (const loop of this.#loops.values()) loop.wake();
  }

  /**
   * Finds where reading can go on. `earliest` when the topic was created anew: no position of the
   * old one means anything in it, and nothing of it has been read.
   */
  #lookUpPosition(cursor: PartitionCursor, goTo: 'earliest' | 'where-possible'): void {
    if (cursor.suspended) return;
    cursor.suspended = true;
    void this.#resumeWherePossible(cursor, goTo);
  }

  async #resumeWherePossible(
    cursor: PartitionCursor,
    goTo: 'earliest' | 'where-possible',
  ): Promise<void> {
    while (this.#isCurrent(cursor)) {
      const report = new OutageReport();
      try {
        const { earliest, latest } = await this.#rangeOf(cursor.target);
        if (!this.#isCurrent(cursor)) return;
        const { position } = cursor;
        const resumeAt = goTo === 'earliest' || position < earliest ? earliest : latest;
        cursor.suspended = false;
        if (goTo === 'earliest' || position < earliest || position > latest) {
          cursor.position = resumeAt;
          this.#sink.outOfRange({ partition: cursor.target, position, resumeAt });
        } else {
          // Inside the range by now: a new leader that had not caught up, perhaps.
          this.#fail(cursor, new ProtocolError(OFFSET_OUT_OF_RANGE), report);
        }
        this.#wakeLoops();
        return;
      } catch (error) {
        if (this.#isCurrent(cursor)) this.#fail(cursor, error, report);
      } finally {
        this.#tell(report);
      }
      await pause(RETRY_DELAY_MS, this.#closed.signal);
    }
  }

  async #rangeOf({ topic, partition }: TopicPartition) {
    const [[first], [last]] = await Promise.all([
      this.#view.listOffsets(topic, 'earliest', [partition]),
      this.#view.listOffsets(topic, 'latest', [partition]),
    ]);
    if (first === undefined || last === undefined) {
      throw new LogError('unavailable', `the offsets of ${topic}-${partition} are not known now`);
    }
    return { earliest: first.offset, latest: last.offset };
  }
}

/** What the sink is to be told of one event. */
class OutageReport {
  readonly failing: TopicPartition[] = [];
  readonly recovered: TopicPartition[] = [];
  cause: LogError | undefined;
}

function toRecordBatch(
  { target, position }: PartitionCursor,
  fetched: FetchedPartition,
): RecordBatch | undefined {
  const { records, nextOffset } = decodeBatches(target, position, fetched);
  if (nextOffset === position) return undefined;
  // Reading committed records ends at the last stable offset, which old brokers do not give.
  const end = fetched.lastStableOffset < 0n ? fetched.highWatermark : fetched.lastStableOffset;
  const endOffset = Math.max(nextOffset, Number(end));
  return { ...target, records, nextOffset, endOffset };
}
