import { type Static, Type } from 'typebox';

/** An id of a user, room or message: safe in URLs, keys and headers. */
export const Id = Type.String({ pattern: '^[A-Za-z0-9_-]{1,64}$' });

/** The most characters a message may have. */
export const MESSAGE_TEXT_MAX_LENGTH = 8_000;
export const MessageText = Type.String({
  minLength: 1,
  maxLength: MESSAGE_TEXT_MAX_LENGTH,
  // Something to see. PostgreSQL cannot store U+0000, which would make a message that no projection
  // can keep, and a lone surrogate would not come out as it went in.
  pattern: '^(?=[\\s\\S]*[^\\s\\p{Cc}\\p{Cf}])[^\\u0000\\p{Cs}]*$',
});

/**
 * Something to see, on one line, without what turns the direction of the text around it (Unicode
 * Standard Annex #9, explicit directional formatting characters).
 */
const NAME_PATTERN =
  '^(?=.*[^\\s\\p{Cf}])[^\\p{Cc}\\p{Cs}\\u2028\\u2029\\u061c\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069]+$';

/** One emoji: a flag, a keycap, or pictographs with their modifiers, joined or tagged (UTS #51). */
const EMOJI_PATTERN =
  '^(?:\\p{RI}{2}|[0-9#*]\\ufe0f?\\u20e3|\\p{ExtPict}(?:\\ufe0f|\\p{EMod})?' +
  '(?:\\u200d\\p{ExtPict}(?:\\ufe0f|\\p{EMod})?)*(?:[\\u{e0020}-\\u{e007e}]+\\u{e007f})?)$';

export const DisplayName = Type.String({ minLength: 1, maxLength: 80, pattern: NAME_PATTERN });
export const Handle = Type.String({ pattern: '^[a-z0-9_]{2,32}$' });
export const RoomName = Type.String({ minLength: 1, maxLength: 120, pattern: NAME_PATTERN });
export const Emoji = Type.String({ minLength: 1, maxLength: 32, pattern: EMOJI_PATTERN });

export const RoomKind = Type.Union([Type.Literal('group'), Type.Literal('direct')]);
export type RoomKind = Static<typeof RoomKind>;

export const MemberRole = Type.Union([
  Type.Literal('owner'),
  Type.Literal('moderator'),
  Type.Literal('member'),
]);
export type MemberRole = Static<typeof MemberRole>;

/** Raised by one with every change of a room's members. */
export const MembersVersion = Type.Integer({ minimum: 1 });

/** RFC 3339, UTC. */
export const Time = Type.String({
  pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z$',
});
