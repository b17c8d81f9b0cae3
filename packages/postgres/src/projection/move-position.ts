import type { TopicPartition } from '@sori/stream';
import type { Queryable, Statement } from '../connection/queryable.ts';

const BEGIN: Statement = {
  name: 'projection-begin-position',
  text: `
    INSERT INTO projection_positions (projection, topic, partition, position)
    VALUES ($1, $2, $3, $4)
    ON CONFLICT DO NOTHING`,
};

const MOVE: Statement = {
  name: 'projection-move-position',
  text: `
    UPDATE projection_positions SET position = $4, changed_at = now()
    WHERE projection = $1 AND topic = $2 AND partition = $3 AND position = $5`,
};

/**
 * Compare-and-set: moves a projection's position from `from` (undefined where it has none) to `to`.
 * False, and nothing changed, when it is not there.
 */
export async function movePosition(
  db: Queryable,
  projection: string,
  move: TopicPartition & { readonly from: number | undefined; readonly to: number },
): Promise<boolean> {
  const { topic, partition, from, to } = move;
  const place = [projection, topic, partition, to];
  const { rowCount } =
    from === undefined ? await db.query(BEGIN, place) : await db.query(MOVE, [...place, from]);
  return rowCount === 1;
}
