import type {
  Logger,
  LogReader,
  LogRecord,
  LogSink,
  LogSubscription,
  RecordBatch,
  TopicPartition,
} from '@sori/stream';

/** A partition from one offset up to another. */
export interface Stretch extends TopicPartition {
  readonly from: number;
  readonly to: number;
}

/** Part of a stretch: its records, and where the next part begins. */
export interface StretchPart {
  readonly records: readonly LogRecord[];
  readonly from: number;
  readonly to: number;
}

/** What waits in memory for each partition, in records: beyond, it is not fetched. */
const WAITING_RECORDS_MAX = 5_000;

/** Short, because whoever asks for the last stretch holds the service up meanwhile. Milliseconds. */
const FETCH_WAIT_MS = 50;

/** Reads stretches of partitions, several at a time, one of each partition. */
export class StretchReader implements LogSink, AsyncDisposable {
  readonly #subscription: LogSubscription;
  readonly #logger: Logger;
  readonly #waiting = new Map<string, WaitingParts>();

  constructor(reader: LogReader, logger: Logger) {
    this.#logger = logger;
    this.#subscription = reader.open({ sink: this, maxWaitMs: FETCH_WAIT_MS });
  }

  /**
   * Reads a stretch part by part, each with all that came since the last. Ends before `to` when the
   * log does not have the stretch any more; throws the signal's reason.
   */
  async *read(stretch: Stretch, signal: AbortSignal): AsyncGenerator<StretchPart> {
    const { topic, partition, to } = stretch;
    let { from } = stretch;
    const parts = new WaitingParts();
    const key = keyOf(stretch);
    this.#waiting.set(key, parts);
    const abort = (): void => parts.wake();
    signal.addEventListener('abort', abort);
    this.#subscription.assign({ topic, partition, offset: from });
    try {
      while (from < to) {
        const batches = await parts.take(signal);
        if (batches === undefined) return;
        this.#subscription.resume(stretch);
        const next = Math.min(batches.at(-1)?.nextOffset ?? from, to);
        const records = batches.flatMap((batch) => batch.records);
        yield { records: records.filter(({ offset }) => offset < to), from, to: next };
        from = next;
      }
    } finally {
      signal.removeEventListener('abort', abort);
      this.#waiting.delete(key);
      this.#subscription.unassign(stretch);
    }
  }

  records(batch: RecordBatch): void {
    const parts = this.#waiting.get(keyOf(batch));
    if (parts === undefined) return;
    parts.add(batch);
    if (parts.records >= WAITING_RECORDS_MAX) this.#subscription.pause(batch);
  }

  outOfRange({ partition }: { readonly partition: TopicPartition }): void {
    this.#waiting.get(keyOf(partition))?.end();
  }

  failing({
    partitions,
    cause,
  }: {
    readonly partitions: readonly TopicPartition[];
    readonly cause: Error;
  }): void {
    this.#logger.warn({ partitions: partitions.map(keyOf), err: cause }, 'reading fails for now');
  }

  recovered({ partitions }: { readonly partitions: readonly TopicPartition[] }): void {
    this.#logger.info({ partitions: partitions.map(keyOf) }, 'reading goes on');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#subscription[Symbol.asyncDispose]();
  }
}

/** Batches of one partition between the log and whoever takes them. */
class WaitingParts {
  #batches: RecordBatch[] = [];
  #ended = false;
  #wake = Promise.withResolvers<void>();
  records = 0;

  add(batch: RecordBatch): void {
    // The reader goes on behind the gap: what it reads there does not follow what was read before.
    if (this.#ended) return;
    this.#batches.push(batch);
    this.records += batch.records.length;
    this.wake();
  }

  end(): void {
    this.#ended = true;
    this.wake();
  }

  wake(): void {
    this.#wake.resolve();
  }

  /** All that is there, at least one batch; undefined after the end. */
  async take(signal: AbortSignal): Promise<readonly RecordBatch[] | undefined> {
    while (this.#batches.length === 0) {
      signal.throwIfAborted();
      if (this.#ended) return undefined;
      await this.#wake.promise;
      this.#wake = Promise.withResolvers();
    }
    const batches = this.#batches;
    this.#batches = [];
    this.records = 0;
    return batches;
  }
}

function keyOf({ topic, partition }: TopicPartition): string {
  return `${topic}/${partition}`;
}
