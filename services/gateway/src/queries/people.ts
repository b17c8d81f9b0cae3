import { findAccount, type Person, type Queryable } from '@sori/postgres';
import { Refused } from '../commands/refused.ts';

/** A person whose account is there; throws Refused for any other id. */
export async function personWithId(db: Queryable, userId: string): Promise<Person> {
  const account = await findAccount(db, userId);
  if (account === undefined || account.deleted) throw new Refused('user-not-found');
  const { id, handle, displayName } = account;
  return { id, handle, displayName };
}
