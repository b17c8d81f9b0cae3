import type { Queryable, Statement } from '../connection/queryable.ts';

/** A build that is being made, and the one that it is to replace. */
export interface HistoryBuilds {
  readonly active: number;
  readonly building: number;
  /** Whether an earlier rebuild began it. */
  readonly resumed: boolean;
}

const FIND: Statement = {
  name: 'history-find-builds',
  text: `
    SELECT a.build AS active, max(b.id) AS building
    FROM history_active a LEFT JOIN history_builds b ON NOT b.replaced AND b.id <> a.build
    GROUP BY a.build`,
};

const BEGIN: Statement = {
  name: 'history-begin-build',
  text: 'INSERT INTO history_builds DEFAULT VALUES RETURNING id',
};

/** The build that an earlier rebuild left unfinished, or else a new one. */
export async function takeUpBuild(db: Queryable): Promise<HistoryBuilds> {
  const [found] = (
    await db.query<{ readonly active: number; readonly building: number | null }>(FIND)
  ).rows;
  if (found === undefined) throw new Error('history_active has no row');
  const { active, building } = found;
  if (building !== null) return { active, building, resumed: true };
  const [begun] = (await db.query<{ readonly id: number }>(BEGIN)).rows;
  if (begun === undefined) throw new Error('an INSERT returned no row');
  return { active, building: begun.id, resumed: false };
}
