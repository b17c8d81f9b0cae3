import type { Queryable, Statement } from '../connection/queryable.ts';

const HOLD: Statement = {
  name: 'history-hold-active-build',
  text: 'SELECT build FROM history_active FOR SHARE',
};

/**
 * The build that is read and written, which stays so until the transaction ends. Taken after the
 * position of what is applied was moved, as the switch to another build takes them too.
 */
export async function holdActiveBuild(transaction: Queryable): Promise<number> {
  const { rows } = await transaction.query<{ readonly build: number }>(HOLD);
  const [row] = rows;
  if (row === undefined) throw new Error('history_active has no row');
  return row.build;
}
