import type { Queryable, Statement } from '../connection/queryable.ts';
import { projectionOfBuild } from './projections.ts';

const FIND: Statement = {
  name: 'history-find-replaced',
  text: 'SELECT id FROM history_builds WHERE replaced ORDER BY id LIMIT 1',
};

/** Of a statement for each table, so that a batch's time does not depend on how full others are. */
const ROWS: readonly Statement[] = [
  'history_messages',
  'history_reactions',
  'history_reads',
  'history_rooms',
].map((table) => ({
  name: `history-delete-replaced-${table}`,
  text: `
    DELETE FROM ${table} WHERE ctid = ANY (ARRAY(
      SELECT ctid FROM ${table} WHERE build = $1 LIMIT $2
    ))`,
}));

const FORGET: Statement = {
  name: 'history-forget-replaced',
  text: `
    WITH copies AS (DELETE FROM history_copies WHERE build = $1),
      positions AS (DELETE FROM projection_positions WHERE projection = $2)
    DELETE FROM history_builds WHERE id = $1 AND replaced`,
};

/**
 * Deletes rows of builds that were replaced or given up, about `limit`; how many, undefined once
 * there is no such build any more. Each statement is a transaction of its own on a pool.
 */
export async function deleteReplaced(db: Queryable, limit: number): Promise<number | undefined> {
  const [found] = (await db.query<{ readonly id: number }>(FIND)).rows;
  if (found === undefined) return undefined;
  for (const statement of ROWS) {
    const { rowCount } = await db.query(statement, [found.id, limit]);
    if (rowCount > 0) return rowCount;
  }
  await db.query(FORGET, [found.id, projectionOfBuild(found.id)]);
  return 0;
}
