import { loadWeighted } from '../assignor/load-weighted.ts';
import { systemClock } from '../clock.ts';
import { CommitLoop } from '../consumer/commit-loop.ts';
import { GroupSession } from '../consumer/group-session.ts';
import { runMember } from '../consumer/run-member.ts';
import { silentConsumerMetrics } from '../consumer/silent-metrics.ts';
import type { GroupMember } from '../ports/membership.ts';
import {
  DEFAULT_PROJECTION_LIMITS,
  type Projection,
  type ProjectionHealth,
  type ProjectionOptions,
} from './options.ts';
import { ProjectedPartitions } from './projected-partitions.ts';
import { Turns } from './turns.ts';

/** Tools see how far a projection is by these; it starts from its own positions, not from them. */
const COMMIT_INTERVAL_MS = 1_000;
const COMMIT_EVERY_RECORDS = Number.POSITIVE_INFINITY;

/**
 * Makes a member of a consumer group whose results live in a store: the group gives the partitions,
 * the store gives the positions, and one transaction applies a batch and moves its position. So a
 * record counts once in the result, whatever is killed; a member that the group has given up (a
 * zombie) finds the position moved and changes nothing.
 */
export function createProjection<Transaction>(options: ProjectionOptions<Transaction>): Projection {
  const { catalog, coordinator, group, memberName, project, reader, store } = options;
  const clock = options.clock ?? systemClock;
  const limits = { ...DEFAULT_PROJECTION_LIMITS, ...options.limits };
  const metrics = options.metrics ?? silentConsumerMetrics;
  const logger = options.logger.child({ group: group.id, member: memberName });
  const partitions = new ProjectedPartitions<Transaction>();
  let running: { readonly session: GroupSession; readonly member: GroupMember } | undefined;

  async function run(signal: AbortSignal): Promise<void> {
    if (running !== undefined) throw new Error('a projection runs once');
    if (signal.aborted) return;
    await using subscription = reader.open({ sink: partitions });
    using commits = new CommitLoop({
      intervalMs: COMMIT_INTERVAL_MS,
      everyRecords: COMMIT_EVERY_RECORDS,
      clock,
      logger,
      commit: (offsets) => member.commit(offsets),
      partitions: () => partitions.projectors,
    });
    const session = new GroupSession({ partitions, commits, limits, clock, logger, metrics });
    partitions.connect({
      catalog,
      store,
      project,
      subscription,
      limits,
      clock,
      logger,
      metrics,
      turns: new Turns(limits.transactions),
      mayDispatch: () => session.dispatch === 'everything',
      onProgress: () => commits.progressed(),
      onIdle: () => session.idle(),
    });
    await using member = coordinator.member({
      group: group.id,
      topics: catalog.topicsOf(group).map(({ name }) => name),
      assignor: options.assignor ?? loadWeighted(catalog),
      memberName,
      sessionTimeoutMs: limits.sessionTimeoutMs,
      listener: session,
    });
    running = { session, member };
    await runMember({ member, session, signal, logger });
  }

  function health(): ProjectionHealth {
    const now = clock.now();
    const { failingSince, projectors } = partitions;
    const heartbeatAt = running?.member.lastHeartbeatAt ?? 0;
    return {
      state: running?.session.state ?? 'idle',
      generation: running?.session.generation,
      heartbeatAgeMs: heartbeatAt === 0 ? undefined : now - heartbeatAt,
      failingForMs: failingSince === undefined ? undefined : now - failingSince,
      assignment: projectors.map(({ source, position, endOffset }) => ({
        ...source,
        position,
        endOffset,
      })),
    };
  }

  return { run, health };
}
