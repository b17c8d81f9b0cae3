import type { Projection } from '@sori/stream';
import type { Health } from './health.ts';

export interface ProjectionChecks {
  /** The projection's `run` rejected: it will not come back by itself. */
  ended(cause: unknown): void;
}

/**
 * Adds a projection to a service's health. Ready: the group has given it partitions, or none because
 * others have them all. Live: it has not ended. One whose transactions fail is both: neither a
 * restart nor another member would help; `sori_projection_failing_seconds` tells of it.
 */
export function addProjectionChecks(
  health: Health,
  name: string,
  projection: Pick<Projection, 'health'>,
): ProjectionChecks {
  let end: string | undefined;
  health.live(name, () => end);
  health.ready(name, () => {
    if (end !== undefined) return end;
    const { state } = projection.health();
    return state === 'running' ? undefined : `not in the group now (${state})`;
  });
  return {
    ended(cause) {
      const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'no code';
      end = `ended (${code})`;
    },
  };
}
