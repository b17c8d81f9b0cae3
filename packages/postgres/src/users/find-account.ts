import type { Queryable, Statement } from '../connection/queryable.ts';
import { PERSON_COLUMNS, type Person } from './person.ts';

/** A user's row. It stays when the account is deleted, so that its id is never given again. */
export interface Account extends Person {
  readonly deleted: boolean;
}

const FIND: Statement = {
  name: 'users-find-account',
  text: `SELECT ${PERSON_COLUMNS}, deleted_at IS NOT NULL AS deleted FROM users WHERE id = $1`,
};

export async function findAccount(db: Queryable, userId: string): Promise<Account | undefined> {
  const { rows } = await db.query<Account>(FIND, [userId]);
  return rows[0];
}
