import type { TextKey } from './catalogue.ts';
import type { Text } from './text.ts';

/** Those without anything to fill in. */
type ProblemKey = Exclude<TextKey & `problem.${string}`, 'problem.unknown'>;

const TEXTS: ReadonlyMap<string, ProblemKey> = new Map(
  Object.entries({
    unreachable: 'problem.unreachable',
    overloaded: 'problem.busy',
    'dependency-unavailable': 'problem.busy',
    'outcome-unknown': 'problem.outcomeUnknown',
    interrupted: 'problem.interrupted',
    'too-many-waiting': 'problem.tooManyWaiting',
    'rate-limited': 'problem.tooFast',
    'body-too-large': 'problem.tooLarge',
    'invalid-request': 'problem.invalid',
    'event-refused': 'problem.invalid',
    'event-too-large': 'problem.tooLarge',
    'not-stored': 'problem.busy',
    'shutting-down': 'problem.busy',
    'role-required': 'problem.forbidden',
    'not-the-sender': 'problem.forbidden',
    'direct-room': 'problem.forbidden',
    'room-full': 'problem.roomFull',
    'too-many-rooms': 'problem.tooManyRooms',
    'removed-from-room': 'problem.removedFromRoom',
    'no-request': 'problem.noRequest',
    'already-friends': 'problem.alreadyFriends',
    'member-not-found': 'problem.userNotFound',
    'room-not-found': 'problem.roomNotFound',
    'user-not-found': 'problem.userNotFound',
    'room-archived': 'problem.roomArchived',
    'last-owner': 'problem.lastOwner',
    'handle-taken': 'problem.handleTaken',
    blocked: 'problem.blocked',
  } satisfies Record<string, ProblemKey>),
);

/** What a problem's code means to a person; the code itself where the page has no words for it. */
export function problemText(text: Text, code: string): string {
  const key = TEXTS.get(code);
  return key === undefined ? text.t('problem.unknown', { code }) : text.t(key);
}
