import { Id } from '@sori/chat-events';
import { type Static, Type } from 'typebox';
import { PRESENCE_USERS_MAX } from './limits.ts';

/** Whether a person is there, and since when. */
export const PersonPresence = Type.Object(
  {
    userId: Id,
    state: Type.Union([Type.Literal('online'), Type.Literal('away'), Type.Literal('offline')]),
    /** RFC 3339, UTC. Absent of people who are offline. */
    since: Type.Optional(Type.String()),
  },
  { additionalProperties: false },
);
export type PersonPresence = Static<typeof PersonPresence>;

const ID = '[A-Za-z0-9_-]{1,64}';

/** `GET /v1/presence?users=a,b,c`: at most PRESENCE_USERS_MAX ids. */
export const PresenceQuery = Type.Object(
  { users: Type.String({ pattern: `^${ID}(,${ID}){0,${PRESENCE_USERS_MAX - 1}}$` }) },
  { additionalProperties: false },
);

/** Friends and oneself, in the order asked for; of others nothing is said, not even that. */
export const PresenceOfPeople = Type.Object(
  { people: Type.Array(PersonPresence) },
  { additionalProperties: false },
);
export type PresenceOfPeople = Static<typeof PresenceOfPeople>;

/** `event:` of frames that say who of a person's friends came or went. They carry no id. */
export const PRESENCE_EVENT = 'presence';

/** `data:` of `presence`. */
export const PresenceFrameData = Type.Object({
  people: Type.Array(PersonPresence),
  /** The people are all friends who are not offline: whoever is not among them is. */
  snapshot: Type.Optional(Type.Literal(true)),
});
export type PresenceFrameData = Static<typeof PresenceFrameData>;
