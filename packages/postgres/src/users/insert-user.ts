import type { Queryable, Statement } from '../connection/queryable.ts';
import type { Person } from './person.ts';

// Without a conflict target, because either key may stand in the way; and an error would end the
// caller's transaction.
const INSERT: Statement = {
  name: 'users-insert',
  text: `
    INSERT INTO users (id, handle, display_name) VALUES ($1, $2, $3)
    ON CONFLICT DO NOTHING`,
};

const HAS_ID: Statement = { name: 'users-has-id', text: 'SELECT 1 FROM users WHERE id = $1' };

/** Makes a user, or says what stands in the way; an id is taken for ever, a handle until deletion. */
export async function insertUser(
  db: Queryable,
  { id, handle, displayName }: Person,
): Promise<'inserted' | 'id-taken' | 'handle-taken'> {
  const inserted = await db.query(INSERT, [id, handle, displayName]);
  if (inserted.rowCount === 1) return 'inserted';
  const { rowCount } = await db.query(HAS_ID, [id]);
  return rowCount === 1 ? 'id-taken' : 'handle-taken';
}
