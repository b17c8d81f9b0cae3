import type { Queryable, Statement } from '../connection/queryable.ts';
import { PERSON_COLUMNS, type Person } from './person.ts';

const FIND: Statement = {
  name: 'users-find-people',
  text: `
    SELECT ${PERSON_COLUMNS} FROM users
    WHERE id = ANY($1) AND deleted_at IS NULL
    ORDER BY handle`,
};

/** The people with these ids whose accounts are there, by handle. */
export async function findPeople(
  db: Queryable,
  userIds: readonly string[],
): Promise<readonly Person[]> {
  if (userIds.length === 0) return [];
  const { rows } = await db.query<Person>(FIND, [userIds]);
  return rows;
}
