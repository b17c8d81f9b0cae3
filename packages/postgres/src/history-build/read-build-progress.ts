import type { Queryable, Statement } from '../connection/queryable.ts';
import { HISTORY_PROJECTION, projectionOfBuild } from './projections.ts';

/** How far one partition is: offsets, undefined where there is nothing yet. */
export interface PartitionProgress {
  readonly partition: number;
  /** The history service's position. */
  readonly served: number;
  /** The build's; undefined until it is read from the log. */
  readonly built: number | undefined;
  /** Undefined until copying has begun. */
  readonly copy: { readonly reflects: number; readonly copied: number } | undefined;
}

const TEXT = `
  SELECT s.partition, s.position::float8 AS served, b.position::float8 AS built,
    c.reflects::float8 AS reflects, c.copied::float8 AS copied
  FROM projection_positions s
  LEFT JOIN projection_positions b
    ON b.projection = $3 AND b.topic = s.topic AND b.partition = s.partition
  LEFT JOIN history_copies c ON c.build = $4 AND c.partition = s.partition
  WHERE s.projection = $1 AND s.topic = $2
  ORDER BY s.partition`;

const READ: Statement = { name: 'history-read-build-progress', text: TEXT };

// In the order of partitions, before the row of history_active, as everybody takes them: the service
// has one of these locks while it asks for that row.
const LOCK: Statement = {
  name: 'history-lock-build-progress',
  text: `${TEXT} FOR NO KEY UPDATE OF s`,
};

interface Row {
  readonly partition: number;
  readonly served: number;
  readonly built: number | null;
  readonly reflects: number | null;
  readonly copied: number | null;
}

/** How far the service and a build are, for each partition that the service has read. */
export async function readBuildProgress(
  db: Queryable,
  topic: string,
  build: number,
): Promise<readonly PartitionProgress[]> {
  return await ask(db, READ, topic, build);
}

/** The same; until the transaction ends the service moves none of these positions. */
export async function lockBuildProgress(
  transaction: Queryable,
  topic: string,
  build: number,
): Promise<readonly PartitionProgress[]> {
  return await ask(transaction, LOCK, topic, build);
}

async function ask(
  db: Queryable,
  statement: Statement,
  topic: string,
  build: number,
): Promise<readonly PartitionProgress[]> {
  const values = [HISTORY_PROJECTION, topic, projectionOfBuild(build), build];
  const { rows } = await db.query<Row>(statement, values);
  return rows.map(({ partition, served, built, reflects, copied }) => ({
    partition,
    served,
    built: built ?? undefined,
    copy: reflects === null || copied === null ? undefined : { reflects, copied },
  }));
}
