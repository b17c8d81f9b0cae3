import { DisplayName, Handle, Id } from '@sori/chat-events';
import { type Static, Type } from 'typebox';

/** A person as others see them. */
export const Person = Type.Object(
  { id: Id, handle: Handle, displayName: DisplayName },
  { additionalProperties: false },
);
export type Person = Static<typeof Person>;

export const UserPath = Type.Object({ userId: Id }, { additionalProperties: false });

/** `GET /v1/users?query=`: people whose handle or name begins so. */
export const PeopleQuery = Type.Object(
  { query: Type.String({ minLength: 1, maxLength: 80, pattern: '^[^\\u0000]*$' }) },
  { additionalProperties: false },
);

export const People = Type.Object({ people: Type.Array(Person) }, { additionalProperties: false });
export type People = Static<typeof People>;

/** `POST /v1/users`: makes the account of a signed-in identity that has none yet. */
export const NewPerson = Type.Object(
  { handle: Handle, displayName: DisplayName },
  { additionalProperties: false },
);
export type NewPerson = Static<typeof NewPerson>;

/** `PATCH /v1/me` */
export const ProfileChange = Type.Object(
  { displayName: DisplayName },
  { additionalProperties: false },
);
