import {
  createPublisher,
  LogError,
  type LogWriter,
  type Publisher,
  type PublisherOptions,
} from '@sori/stream';

/** What a term publishes with; `log` stays the caller's. */
export type TermPublisherOptions = Omit<PublisherOptions, 'limits'> & {
  /** Without `closeTimeoutMs`: a term's publisher is never flushed when it is closed. */
  readonly limits?: Omit<NonNullable<PublisherOptions['limits']>, 'closeTimeoutMs'> | undefined;
};

/**
 * The publisher of one term. It ends with the term: what it has taken and not sent by then is never
 * sent, since the next holder of the lock sends it, and what follows it.
 *
 * Each batch is sent only if the term may publish at that moment. To ask when a record is handed
 * over is not enough: the record lingers and is tried again, and meanwhile the lock may be lost.
 */
export class TermPublisher implements AsyncDisposable {
  readonly #publisher: Publisher;
  #mayPublish = (): boolean => false;
  #closed = false;

  constructor(options: TermPublisherOptions) {
    this.#publisher = createPublisher({
      ...options,
      log: guardedLog(options.log, () => !this.#closed && this.#mayPublish()),
      limits: { ...options.limits, closeTimeoutMs: 0 },
    });
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** As Publisher's: may be called before the term begins. */
  warmUp(topics: readonly string[]): Promise<void> {
    return this.#publisher.warmUp(topics);
  }

  /** Batches are sent from now on, while `mayPublish` says so. */
  begin(mayPublish: () => boolean): void {
    this.#mayPublish = mayPublish;
  }

  /** As Publisher's. */
  append(...args: Parameters<Publisher['append']>): ReturnType<Publisher['append']> {
    return this.#publisher.append(...args);
  }

  /** Sends nothing more from now on. When it resolves no append of this publisher is under way. */
  [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    return this.#publisher[Symbol.asyncDispose]();
  }
}

/** A log whose appends are refused, unsent, when `mayPublish` says no. */
function guardedLog(log: LogWriter, mayPublish: () => boolean): LogWriter {
  return {
    partitionCount: (topic) => log.partitionCount(topic),
    async openPartition(target, options) {
      const writer = await log.openPartition(target, options);
      return {
        async append(records) {
          if (!mayPublish()) throw new LogError('fenced', 'the relay does not hold the lock');
          return await writer.append(records);
        },
        [Symbol.asyncDispose]: () => writer[Symbol.asyncDispose](),
      };
    },
    [Symbol.asyncDispose]: () => log[Symbol.asyncDispose](),
  };
}
