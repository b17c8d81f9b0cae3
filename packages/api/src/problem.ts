import { type Static, Type } from 'typebox';

/** What every refusal is: problem details for HTTP APIs (RFC 9457). */
export const ProblemDetails = Type.Object({
  type: Type.String(),
  title: Type.String(),
  status: Type.Integer(),
  /** What programs go by, as `room-not-found`. */
  code: Type.String(),
  detail: Type.Optional(Type.String()),
  /** Of `invalid-request`: where, as a JSON pointer, and what was expected there. */
  errors: Type.Optional(Type.Array(Type.Object({ path: Type.String(), message: Type.String() }))),
  /** Of `outcome-unknown`: the event that may be stored. */
  eventId: Type.Optional(Type.String()),
});
export type ProblemDetails = Static<typeof ProblemDetails>;
