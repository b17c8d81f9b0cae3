import { accountRegistered } from '@sori/chat-events';
import { findAccount, insertUser, type Person, type Queryable } from '@sori/postgres';
import { Refused } from '../refused.ts';
import type { ChangeState, Tell } from '../state-change.ts';

/** Makes the account of an identity that has none. */
export function register(change: ChangeState, person: Person): Promise<void> {
  return change((db, tell) => insertAccount(db, tell, person));
}

/** The same as a part of another change. */
export async function insertAccount(db: Queryable, tell: Tell, person: Person): Promise<void> {
  const outcome = await insertUser(db, person);
  switch (outcome) {
    case 'inserted':
      tell(
        accountRegistered({
          userId: person.id,
          handle: person.handle,
          displayName: person.displayName,
        }),
      );
      return;
    case 'handle-taken':
      throw new Refused('handle-taken');
    case 'id-taken': {
      const account = await findAccount(db, person.id);
      throw new Refused(account?.deleted === true ? 'account-deleted' : 'already-registered');
    }
    default:
      outcome satisfies never;
  }
}
