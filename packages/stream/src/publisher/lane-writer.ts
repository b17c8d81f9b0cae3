import type { Compression } from '@sori/contract';
import { LogError, StreamClosed } from '../errors.ts';
import type { LogWriter, PartitionWriter } from '../ports/log-writer.ts';
import type { Logger } from '../ports/logger.ts';
import type { RecordToAppend, TopicPartition } from '../ports/record.ts';

export interface LaneWriterOptions {
  readonly log: LogWriter;
  readonly target: TopicPartition;
  readonly compression: Compression;
  readonly logger: Logger;
}

/** A lane's partition writer: opened once for all who ask, replaced after it was discarded. */
export class LaneWriter {
  readonly #options: LaneWriterOptions;
  #writer: PartitionWriter | undefined;
  #opening: Promise<void> | undefined;
  #closed = false;

  constructor(options: LaneWriterOptions) {
    this.#options = options;
  }

  /** Resolves when `append` may be called. Rejects with LogError, or StreamClosed. */
  open(): Promise<void> {
    if (this.#closed) return Promise.reject(new StreamClosed('the publisher was closed'));
    if (this.#writer !== undefined) return Promise.resolve();
    this.#opening ??= this.#open().finally(() => {
      this.#opening = undefined;
    });
    return this.#opening;
  }

  /** Resolves with the offset of the first record; rejects with LogError. */
  async append(records: readonly RecordToAppend[]): Promise<number> {
    if (this.#writer === undefined) throw new LogError('unavailable', 'the lane is not open');
    const { baseOffset } = await this.#writer.append(records);
    return baseOffset;
  }

  /** Disposes the writer; `open` makes a new one. Failures are logged: the writer is gone either way. */
  async discard(): Promise<void> {
    const writer = this.#writer;
    this.#writer = undefined;
    if (writer !== undefined) await this.#dispose(writer);
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.discard();
  }

  async #open(): Promise<void> {
    const { log, target, compression } = this.#options;
    const writer = await log.openPartition(target, { compression });
    if (this.#closed) {
      await this.#dispose(writer);
      throw new StreamClosed('the publisher was closed');
    }
    this.#writer = writer;
  }

  async #dispose(writer: PartitionWriter): Promise<void> {
    try {
      await writer[Symbol.asyncDispose]();
    } catch (err) {
      const fields = { ...this.#options.target, err };
      this.#options.logger.warn(fields, 'closing a partition writer failed');
    }
  }
}
