import { DisplayName, Handle } from '@sori/chat-events';
import { type Static, Type } from 'typebox';
import { Person } from './person.ts';

/** `GET /v1/settings`: what a page must know before anybody has signed in. */
export const Settings = Type.Object(
  {
    /** Where `/v1/stream` is: `https://chat.example`. */
    edgeUrl: Type.String(),
    /** Whether anybody may sign in with a handle alone. */
    development: Type.Boolean(),
  },
  { additionalProperties: false },
);
export type Settings = Static<typeof Settings>;

/** `POST /v1/dev/sessions`: signs in, and up at the first time. Development mode only. */
export const DevelopmentSignIn = Type.Object(
  {
    handle: Handle,
    displayName: Type.Optional(DisplayName),
    /** Whether the session is an operator's too; not unless asked for. */
    operator: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false },
);
export type DevelopmentSignIn = Static<typeof DevelopmentSignIn>;

/** The same token is set as an HttpOnly cookie, for browsers. */
export const DevelopmentSession = Type.Object(
  {
    token: Type.String(),
    /** RFC 3339, UTC. */
    expiresAt: Type.String(),
    user: Person,
  },
  { additionalProperties: false },
);
export type DevelopmentSession = Static<typeof DevelopmentSession>;
