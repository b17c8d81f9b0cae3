import type { Queryable, Statement } from '../connection/queryable.ts';

/** How far behind the outbox is. */
export interface OutboxBacklog {
  /** Rows that wait to be published. */
  readonly waitingRows: number;
  /** The age of the oldest of them, in seconds; 0 when none waits. */
  readonly oldestAgeSeconds: number;
  /** Rows that were set aside because nothing could publish them. */
  readonly parkedRows: number;
}

const MEASURE_OUTBOX: Statement = {
  name: 'outbox-measure',
  text: `
    SELECT
      (SELECT count(*)::int FROM outbox WHERE NOT published AND parked_at IS NULL)
        AS "waitingRows",
      coalesce((
        SELECT extract(epoch FROM clock_timestamp() - created_at)::float8
        FROM outbox WHERE NOT published AND parked_at IS NULL
        ORDER BY id LIMIT 1
      ), 0) AS "oldestAgeSeconds",
      (SELECT count(*)::int FROM outbox WHERE parked_at IS NOT NULL) AS "parkedRows"`,
};

/** Measures the outbox. Counting takes time with the backlog: call it every few seconds. */
export async function measureOutbox(db: Queryable): Promise<OutboxBacklog> {
  const { rows } = await db.query<OutboxBacklog>(MEASURE_OUTBOX);
  const [backlog] = rows;
  if (backlog === undefined) throw new Error('a SELECT without FROM gave no row');
  return backlog;
}
