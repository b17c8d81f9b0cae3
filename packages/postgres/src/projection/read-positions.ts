import type { TopicPartition, TopicPartitionOffset } from '@sori/stream';
import type { Queryable, Statement } from '../connection/queryable.ts';

const READ: Statement = {
  name: 'projection-read-positions',
  text: `
    SELECT topic, partition, position::float8 AS offset
    FROM projection_positions
    JOIN unnest($2::text[], $3::int[]) AS wanted (topic, partition) USING (topic, partition)
    WHERE projection = $1`,
};

/** The next offset of each partition that the projection has read before; others are left out. */
export async function readPositions(
  db: Queryable,
  projection: string,
  partitions: readonly TopicPartition[],
): Promise<readonly TopicPartitionOffset[]> {
  const topics = partitions.map(({ topic }) => topic);
  const numbers = partitions.map(({ partition }) => partition);
  return (await db.query<TopicPartitionOffset>(READ, [projection, topics, numbers])).rows;
}
