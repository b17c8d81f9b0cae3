import type { Queryable, Statement } from '../connection/queryable.ts';

const UPDATE: Statement = {
  name: 'users-mark-deleted',
  text: `
    UPDATE users SET deleted_at = now(), handle = 'deleted', display_name = 'deleted'
    WHERE id = $1`,
};

/** Deletes an account: what names the person goes, the id stays so that it is not given again. */
export async function markUserDeleted(db: Queryable, userId: string): Promise<void> {
  await db.query(UPDATE, [userId]);
}
