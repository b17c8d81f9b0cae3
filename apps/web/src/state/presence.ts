import type { PresenceFrame } from '../stream/frame.ts';
import type { PersonPresence, State } from './model.ts';

/** A snapshot stands for all that was known; changes before the first one say too little. */
export function applyPresence(state: State, { people, snapshot }: PresenceFrame): State {
  const before = snapshot ? {} : state.presence;
  if (before === undefined) return state;
  const presence: Record<string, PersonPresence> = { ...before };
  for (const person of people) presence[person.userId] = person;
  return { ...state, presence };
}

/** Undefined where it is not known, and of people of whom it is not told. */
export function presenceOf(
  { presence, friends }: Pick<State, 'presence' | 'friends'>,
  userId: string | undefined,
): PersonPresence['state'] | undefined {
  // It may be told a moment longer of somebody who is a friend no more.
  if (presence === undefined || userId === undefined || !friends.friends.includes(userId)) {
    return undefined;
  }
  // A snapshot names everybody who is there.
  return presence[userId]?.state ?? 'offline';
}
