import type { Queryable, Statement } from '../connection/queryable.ts';

const GIVE_UP: Statement = {
  name: 'history-give-up-build',
  text: `
    UPDATE history_builds SET replaced = true
    WHERE id = $1 AND id <> (SELECT build FROM history_active)`,
};

/** Gives up a build that is being made: its rows are on their way out. */
export async function giveUpBuild(db: Queryable, build: number): Promise<void> {
  await db.query(GIVE_UP, [build]);
}
