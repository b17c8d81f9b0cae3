import type { TopicDefinition } from '@sori/contract';
import { DeliveryFailed, DeliveryUnknown, LogError } from '../errors.ts';
import type { Clock, Timer } from '../ports/clock.ts';
import type { PublisherMetrics } from '../ports/metrics.ts';
import type { TopicPartition } from '../ports/record.ts';
import type { BufferAccount } from './buffer-account.ts';
import { InFlightBatch } from './in-flight-batch.ts';
import { LaneQueue, totalBytes } from './lane-queue.ts';
import type { LaneWriter } from './lane-writer.ts';
import { DEADLINE_RESOLUTION_MS, type PublisherLimits } from './limits.ts';
import type { OutageLog } from './outage-log.ts';
import { Pause } from './pause.ts';
import type { PendingRecord } from './pending-record.ts';
import { BATCH_OVERHEAD_BYTES } from './record-size.ts';
import { SettledCount } from './settled-count.ts';

/** What all lanes of a publisher share. */
export interface LaneContext {
  readonly clock: Clock;
  readonly limits: PublisherLimits;
  readonly buffer: BufferAccount;
  readonly outage: OutageLog;
  readonly metrics: PublisherMetrics | undefined;
}

/**
 * The way into one partition: a queue, and at most one append in flight. An idle lane lingers, then
 * sends; while an append is in flight the next batch gathers. Nothing else is sent until the port
 * has settled an append, even when its records were given up: so nothing overtakes a hung send.
 */
export class Lane {
  readonly #target: TopicPartition;
  readonly #context: LaneContext;
  readonly #writer: LaneWriter;
  readonly #maxBatchBytes: number;
  readonly #queue = new LaneQueue();
  readonly #inFlight: InFlightBatch;
  readonly #settled = new SettledCount();
  readonly #pause: Pause;
  #maxBatchRecords: number;
  #running = false;
  #closed = false;
  #linger: Timer | undefined;
  #deadline: Timer | undefined;

  constructor(
    topic: TopicDefinition,
    target: TopicPartition,
    writer: LaneWriter,
    context: LaneContext,
  ) {
    this.#target = target;
    this.#writer = writer;
    this.#context = context;
    this.#inFlight = new InFlightBatch(context.buffer);
    this.#pause = new Pause(context.clock);
    const { batchBytes, batchRecords } = context.limits;
    this.#maxBatchBytes = Math.min(batchBytes, topic.maxMessageBytes) - BATCH_OVERHEAD_BYTES;
    this.#maxBatchRecords = batchRecords;
  }

  /** Whether a record that is added now waits for an append that is under way. */
  get busy(): boolean {
    return this.#running;
  }

  /** Whether a whole batch waits. */
  get hasFullBatch(): boolean {
    return this.#queue.length >= this.#maxBatchRecords || this.#queue.bytes >= this.#maxBatchBytes;
  }

  /** Whether the lane's share of the publisher's buffer can take `bytes` more. */
  hasRoomFor(bytes: number): boolean {
    const { bufferedBytes, bufferedRecords, laneShare } = this.#context.limits;
    return (
      this.#inFlight.bytes + this.#queue.bytes + bytes <= bufferedBytes * laneShare &&
      this.#inFlight.records.length + this.#queue.length < bufferedRecords * laneShare
    );
  }

  add(pending: PendingRecord): void {
    this.#settled.accept();
    this.#context.buffer.add(pending.bytes);
    this.#queue.push(pending);
    this.#armDeadline();
    if (this.#running) return;
    if (this.hasFullBatch || this.#context.limits.lingerMs === 0) {
      this.#start();
    } else {
      this.#linger ??= this.#context.clock.setTimer(
        () => this.#start(),
        this.#context.limits.lingerMs,
      );
    }
  }

  /** Opens the writer ahead of the first record, for as long as a delivery may take. Rejects with LogError. */
  async warmUp(): Promise<void> {
    const { clock, limits, outage } = this.#context;
    const giveUpAt = clock.now() + limits.deliveryDeadlineMs;
    for (;;) {
      try {
        await this.#writer.open();
        outage.succeeded(this.#target);
        return;
      } catch (error) {
        if (this.#closed) throw error;
        const logError = asLogError(error);
        if (!logError.retryable || clock.now() >= giveUpAt) throw logError;
        outage.failed(this.#target, logError);
      }
      await this.#backOff();
    }
  }

  /** Sends what lingers; resolves when everything that was added before has settled. */
  flush(): Promise<void> {
    if (!this.#settled.isAll && !this.#running) this.#start();
    return this.#settled.all();
  }

  /** Gives up what is left, sends nothing more, and closes the writer. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#linger?.cancel();
    this.#deadline?.cancel();
    this.#pause.end();
    for (const pending of this.#inFlight.records) this.#giveUpSent(pending, undefined);
    const waiting = this.#queue.takeAll();
    for (const pending of waiting) this.#fail(pending, 'the publisher was closed', true, undefined);
    this.#context.buffer.release(waiting.length, totalBytes(waiting));
    await this.#writer.close();
  }

  #start(): void {
    this.#linger?.cancel();
    this.#linger = undefined;
    this.#running = true;
    void this.#run();
  }

  async #run(): Promise<void> {
    while (this.#queue.length > 0 && !this.#closed) {
      try {
        await this.#writer.open();
      } catch (error) {
        await this.#openingFailed(asLogError(error));
        continue;
      }
      // Records may have expired, or the lane been closed, while it opened: then there is no batch.
      const batch = this.#queue.takeBatch(this.#maxBatchRecords, this.#maxBatchBytes);
      if (batch.length > 0) await this.#send(batch);
    }
    this.#running = false;
  }

  async #send(batch: readonly PendingRecord[]): Promise<void> {
    const { clock } = this.#context;
    this.#inFlight.depart(batch);
    const sentAt = clock.now();
    let baseOffset: number;
    try {
      baseOffset = await this.#writer.append(batch.map((pending) => pending.record));
    } catch (error) {
      const logError = asLogError(error, 'unknown');
      this.#context.metrics?.failed(this.#target, batch.length, logError.outcome);
      await this.#appendFailed(batch, logError);
      return;
    }
    this.#inFlight.land();
    this.#acknowledge(batch, baseOffset, clock.now() - sentAt);
  }

  #acknowledge(batch: readonly PendingRecord[], baseOffset: number, latencyMs: number): void {
    const { topic, partition } = this.#target;
    let offset = baseOffset;
    let valueBytes = 0;
    for (const pending of batch) {
      valueBytes += pending.record.value?.length ?? 0;
      if (!pending.settled) {
        pending.settled = true;
        this.#settled.settle();
        pending.resolve({ id: pending.eventId, topic, partition, offset, time: pending.time });
      }
      offset += 1;
    }
    this.#maxBatchRecords = Math.min(this.#context.limits.batchRecords, this.#maxBatchRecords * 2);
    this.#context.outage.succeeded(this.#target);
    this.#context.metrics?.acknowledged(this.#target, batch.length, valueBytes, latencyMs);
  }

  async #appendFailed(batch: readonly PendingRecord[], error: LogError): Promise<void> {
    this.#context.outage.failed(this.#target, error);
    const splittable = error.reason === 'record-too-large' && batch.length > 1;
    const again = error.retryable || error.reason === 'fenced';
    if (error.outcome === 'unknown') {
      for (const pending of batch) this.#giveUpSent(pending, error);
      this.#inFlight.land();
    } else if (splittable) {
      // The broker's limit is on batches, and may be lower than the catalog says: send smaller ones.
      this.#maxBatchRecords = Math.ceil(batch.length / 2);
      this.#queue.restore(this.#inFlight.recall());
    } else if (again) {
      this.#queue.restore(this.#inFlight.recall());
    } else {
      for (const pending of batch) this.#fail(pending, error.message, false, error);
      this.#inFlight.land();
    }
    // The broker and the writer may disagree about sequence numbers: only a new writer is safe.
    await this.#writer.discard();
    if (error.outcome === 'unknown' || again) await this.#backOff();
  }

  async #openingFailed(error: LogError): Promise<void> {
    if (this.#closed) return;
    this.#context.outage.failed(this.#target, error);
    if (error.retryable || error.reason === 'fenced') {
      await this.#backOff();
      return;
    }
    const refused = this.#queue.takeAll();
    this.#context.metrics?.failed(this.#target, refused.length, 'not-stored');
    for (const pending of refused) this.#fail(pending, error.message, false, error);
    this.#context.buffer.release(refused.length, totalBytes(refused));
  }

  async #backOff(): Promise<void> {
    if (!this.#closed) await this.#pause.wait(this.#context.limits.retryBackoffMs);
  }

  #armDeadline(): void {
    if (this.#deadline !== undefined || this.#closed) return;
    const oldest = this.#inFlight.oldest ?? this.#queue.oldest;
    if (oldest === undefined) return;
    const left = oldest.expiresAt - this.#context.clock.now();
    this.#deadline = this.#context.clock.setTimer(
      () => this.#expire(),
      Math.max(left, DEADLINE_RESOLUTION_MS),
    );
  }

  #expire(): void {
    this.#deadline = undefined;
    const now = this.#context.clock.now();
    for (const pending of this.#inFlight.records) {
      if (pending.expiresAt > now) break;
      this.#giveUpSent(pending, undefined);
    }
    const expired = this.#queue.takeExpired(now);
    for (const pending of expired) {
      this.#fail(pending, 'the log took no records before the delivery deadline', true, undefined);
    }
    this.#context.buffer.release(expired.length, totalBytes(expired));
    this.#armDeadline();
  }

  /** Rejects a record that may have been sent. It stays in flight until the port has settled. */
  #giveUpSent(pending: PendingRecord, cause: LogError | undefined): void {
    this.#reject(pending, new DeliveryUnknown(pending.eventId, causedBy(cause)));
  }

  /** Rejects a record that is surely not stored. */
  #fail(
    pending: PendingRecord,
    why: string,
    retryable: boolean,
    cause: LogError | undefined,
  ): void {
    this.#reject(pending, new DeliveryFailed(pending.eventId, why, retryable, causedBy(cause)));
  }

  #reject(pending: PendingRecord, error: Error): void {
    if (pending.settled) return;
    pending.settled = true;
    this.#settled.settle();
    pending.reject(error);
  }
}

function causedBy(cause: Error | undefined): ErrorOptions {
  return cause === undefined ? {} : { cause };
}

function asLogError(error: unknown, outcome: LogError['outcome'] = 'not-stored'): LogError {
  if (error instanceof LogError) return error;
  return new LogError('rejected', 'the log writer failed', { cause: error, outcome });
}
