import type { Queryable, Statement } from '../connection/queryable.ts';
import { projectionOfBuild } from './projections.ts';

const BEGIN: Statement = {
  name: 'history-begin-copy',
  text: `
    INSERT INTO history_copies (build, partition, reflects, copied) VALUES ($1, $2, $3, 0)
    ON CONFLICT DO NOTHING`,
};
const FORGET_COPY: Statement = {
  name: 'history-forget-copy',
  text: 'DELETE FROM history_copies WHERE build = $1 AND partition = $2',
};
const FORGET_POSITION: Statement = {
  name: 'history-forget-build-position',
  text: `
    DELETE FROM projection_positions WHERE projection = $1 AND topic = $2 AND partition = $3`,
};

/** A partition of a build. */
export interface BuildPartition {
  readonly build: number;
  readonly topic: string;
  readonly partition: number;
}

/** Begins to copy a partition; `reflects` is the service's position now. */
export async function beginCopy(
  db: Queryable,
  { build, partition }: BuildPartition,
  reflects: number,
): Promise<void> {
  await db.query(BEGIN, [build, partition, reflects]);
}

/** Forgets how far a partition of a build is; its rows are dropped before it begins anew. */
export async function forgetCopy(
  transaction: Queryable,
  { build, topic, partition }: BuildPartition,
): Promise<void> {
  await transaction.query(FORGET_POSITION, [projectionOfBuild(build), topic, partition]);
  await transaction.query(FORGET_COPY, [build, partition]);
}
