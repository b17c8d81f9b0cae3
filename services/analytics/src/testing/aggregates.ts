import type { Pool } from '@sori/postgres';

/** For tests only: everything that analytics counts, as sums under the text of their keys. */
export interface Aggregates {
  readonly records: Sums;
  readonly bytes: Sums;
  /** Records by window and topic, of all buckets together: when each was counted is not in the log. */
  readonly timed: Sums;
  readonly roomMessages: Sums;
  readonly activeUsers: Sums;
  readonly deadLetters: Sums;
  readonly untimely: Sums;
  readonly onlineChanges: Sums;
}

export class Sums extends Map<string, number> {
  plus(parts: readonly unknown[], by = 1): void {
    const key = JSON.stringify(parts);
    this.set(key, (this.get(key) ?? 0) + by);
  }
}

export function noAggregates(): Aggregates {
  return {
    records: new Sums(),
    bytes: new Sums(),
    timed: new Sums(),
    roomMessages: new Sums(),
    activeUsers: new Sums(),
    deadLetters: new Sums(),
    untimely: new Sums(),
    onlineChanges: new Sums(),
  };
}

const START = 'extract(epoch FROM starts_at)::float8';

/** What the database holds. */
export async function readAggregates(pool: Pool): Promise<Aggregates> {
  const read = async (sql: string): Promise<Sums> => {
    const { rows } = await pool.query<Record<string, unknown>>(sql);
    const sums = new Sums();
    for (const row of rows) {
      const { n, ...key } = row;
      sums.plus(Object.values(key), Number(n));
    }
    return sums;
  };
  const events = (column: string): Promise<Sums> =>
    read(`SELECT width, ${START} AS start, topic, type, ${column} AS n FROM analytics_events`);
  return {
    records: await events('records'),
    bytes: await events('bytes'),
    timed: await read(
      `SELECT width, ${START} AS start, topic, sum(records) AS n FROM analytics_latencies
       GROUP BY 1, 2, 3`,
    ),
    roomMessages: await read(
      `SELECT width, ${START} AS start, room_id, messages AS n FROM analytics_room_messages`,
    ),
    activeUsers: await read(
      `SELECT width, ${START} AS start, users AS n FROM analytics_active_counts`,
    ),
    deadLetters: await read(
      `SELECT width, ${START} AS start, topic, reason, consumer_group, records AS n
       FROM analytics_dead_letters`,
    ),
    untimely: await read(
      `SELECT ${START} AS start, topic, reason, records AS n FROM analytics_untimely`,
    ),
    onlineChanges: await read(
      `SELECT ${START} AS start, change AS n FROM analytics_online_changes WHERE change <> 0`,
    ),
  };
}
