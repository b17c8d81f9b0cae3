import type { Queryable, Statement } from '../connection/queryable.ts';

const UPDATE: Statement = {
  name: 'users-update-display-name',
  text: `
    UPDATE users SET display_name = $2
    WHERE id = $1 AND deleted_at IS NULL AND display_name <> $2`,
};

/** Whether it was another name before. */
export async function updateDisplayName(
  db: Queryable,
  userId: string,
  displayName: string,
): Promise<boolean> {
  const { rowCount } = await db.query(UPDATE, [userId, displayName]);
  return rowCount === 1;
}
