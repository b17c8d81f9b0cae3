import type { Consumer } from '@sori/stream';
import type { Health } from './health.ts';

/**
 * How old the oldest record may be that is read and not done, in milliseconds, while nothing says
 * why: past it a handler hangs, and a restart is all that helps.
 */
export const UNDONE_MAX_AGE_MS = 5 * 60_000;

export interface ConsumerChecks {
  /** The consumer's `run` rejected: it will not come back by itself. */
  ended(cause: unknown): void;
}

/**
 * Adds a consumer to a service's health. Ready: the group has given it partitions, or none because
 * others have them all. Live: it has not ended, and no handler hangs. An outage of the brokers or of
 * a dependency makes nobody dead: restarting would not end it.
 */
export function addConsumerChecks(
  health: Health,
  name: string,
  consumer: Pick<Consumer, 'health'>,
): ConsumerChecks {
  let end: string | undefined;
  health.live(name, () => end ?? hangs(consumer));
  health.ready(name, () => {
    if (end !== undefined) return end;
    const { state } = consumer.health();
    return state === 'running' ? undefined : `not in the group now (${state})`;
  });
  return {
    ended(cause) {
      const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'no code';
      end = `ended (${code})`;
    },
  };
}

function hangs(consumer: Pick<Consumer, 'health'>): string | undefined {
  const { breaker, oldestUndoneAgeMs = 0 } = consumer.health();
  const explained = breaker === 'open' || oldestUndoneAgeMs <= UNDONE_MAX_AGE_MS;
  return explained ? undefined : `a record is not done after ${oldestUndoneAgeMs} ms`;
}
