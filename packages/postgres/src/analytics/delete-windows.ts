import type { Queryable, Statement } from '../connection/queryable.ts';
import type { WindowWidth } from './windows.ts';

/** The tables whose rows are of windows that end. */
export type WindowTable =
  | 'analytics_events'
  | 'analytics_latencies'
  | 'analytics_room_messages'
  | 'analytics_active_users'
  | 'analytics_active_counts'
  | 'analytics_dead_letters'
  | 'analytics_online_peaks';

/** Deletes windows that begin before a time (seconds since the epoch), `limit` rows at most. */
export async function deleteWindows(
  db: Queryable,
  table: WindowTable,
  windows: { readonly width: WindowWidth; readonly before: number; readonly limit: number },
): Promise<number> {
  const { width, before, limit } = windows;
  const { rowCount } = await db.query(statementOf(table), [width, before, limit]);
  return rowCount;
}

function statementOf(table: WindowTable): Statement {
  return {
    name: `${table.replaceAll('_', '-')}-delete`,
    text: `
      DELETE FROM ${table} WHERE ctid = ANY(ARRAY(
        SELECT ctid FROM ${table} WHERE width = $1 AND starts_at < to_timestamp($2) LIMIT $3
      ))`,
  };
}
