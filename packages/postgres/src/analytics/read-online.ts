import type { Queryable, Statement } from '../connection/queryable.ts';
import type { OnlineHistory } from './online-peaks.ts';

// One statement, so that what was rolled up is not seen twice or not at all.
const READ: Statement = {
  name: 'analytics-read-online',
  text: `
    WITH steps AS (
      SELECT starts_at, b.online + sum(change) OVER (ORDER BY starts_at) AS online
      FROM analytics_online_changes, analytics_online_base b
      WHERE starts_at < to_timestamp($1)
    ), minutes AS (
      SELECT floor(extract(epoch FROM starts_at) / 60) * 60 AS start,
        extract(epoch FROM min(starts_at)) AS "firstSecond",
        max(online) AS peak,
        (array_agg(online ORDER BY starts_at DESC))[1] AS last
      FROM steps GROUP BY 1
    )
    SELECT extract(epoch FROM rolled_to)::float8 AS "rolledTo", online::float8 AS online,
      coalesce((SELECT json_agg(m ORDER BY m.start) FROM minutes m), '[]') AS minutes
    FROM analytics_online_base`,
};

/** How many people were online, up to a second (since the epoch), as far as it is not rolled up. */
export async function readOnline(db: Queryable, before: number): Promise<OnlineHistory> {
  const [history] = (await db.query<OnlineHistory>(READ, [before])).rows;
  if (history === undefined) throw new Error('analytics_online_base has lost its row');
  return history;
}
