import type { Clock, Logger, Publisher } from '@sori/stream';
import { WARM_UP_PAUSE_MS } from './limits.ts';

export interface WarmUpOptions {
  readonly publisher: Pick<Publisher, 'warmUp'>;
  readonly topics: readonly string[];
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Opening the log, for as long as it takes. Disposing it ends the tries. */
export interface WarmUp extends AsyncDisposable {
  isDone(): boolean;
}

/** Opens the topics in the background: the log may come later than the gateway. */
export function warmUp({ publisher, topics, clock, logger }: WarmUpOptions): WarmUp {
  const stopped = Promise.withResolvers<void>();
  let stopping = false;
  let done = false;

  async function open(): Promise<void> {
    while (!stopping && !done) {
      try {
        await publisher.warmUp(topics);
        done = true;
      } catch (err) {
        if (stopping) return;
        logger.warn({ err }, 'the log cannot be opened yet');
        const { promise, resolve } = Promise.withResolvers<void>();
        using _timer = clock.setTimer(resolve, WARM_UP_PAUSE_MS);
        await Promise.race([promise, stopped.promise]);
      }
    }
  }

  void open();
  return {
    isDone: () => done,
    async [Symbol.asyncDispose]() {
      stopping = true;
      stopped.resolve();
    },
  };
}
