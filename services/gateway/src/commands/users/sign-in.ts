import { randomUUID } from 'node:crypto';
import { accountRegistered, sessionStarted } from '@sori/chat-events';
import { findPersonByHandle, insertUser, type Person, type Queryable } from '@sori/postgres';
import { Refused } from '../refused.ts';
import type { ChangeState, Tell } from '../state-change.ts';

export interface SignIn {
  readonly handle: string;
  /** Of a new account; the handle unless given. */
  readonly displayName: string | undefined;
}

export interface StartedSession {
  readonly person: Person;
  readonly sessionId: string;
}

/** Starts a session of whoever has the handle, and makes the account if nobody has it. */
export function signIn(change: ChangeState, wanted: SignIn): Promise<StartedSession> {
  return change(async (db, tell) => {
    const person =
      (await findPersonByHandle(db, wanted.handle)) ?? (await newPerson(db, tell, wanted));
    const sessionId = randomUUID();
    tell(sessionStarted({ userId: person.id, sessionId }));
    return { person, sessionId };
  });
}

async function newPerson(db: Queryable, tell: Tell, wanted: SignIn): Promise<Person> {
  const { handle, displayName = handle } = wanted;
  const person = { id: randomUUID(), handle, displayName };
  if ((await insertUser(db, person)) === 'inserted') {
    tell(accountRegistered({ userId: person.id, handle, displayName }));
    return person;
  }
  // Another first sign-in with this handle was quicker: theirs is the account.
  const winner = await findPersonByHandle(db, handle);
  if (winner === undefined) throw new Refused('handle-taken');
  return winner;
}
