import type { Queryable, Statement } from '../connection/queryable.ts';
import { PERSON_COLUMNS, type Person } from './person.ts';

const FIND: Statement = {
  name: 'users-find-by-handle',
  text: `SELECT ${PERSON_COLUMNS} FROM users WHERE handle = $1 AND deleted_at IS NULL`,
};

export async function findPersonByHandle(
  db: Queryable,
  handle: string,
): Promise<Person | undefined> {
  const { rows } = await db.query<Person>(FIND, [handle]);
  return rows[0];
}
