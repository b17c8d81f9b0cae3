import { Id } from '@sori/chat-events';
import { type Static, Type } from 'typebox';

/** `data:` of a frame of the feed, whose `event:` is the type of the event that it tells of. */
export const FeedFrameData = Type.Object({
  /** The event's id: told twice, it is the same. */
  id: Type.String(),
  /** When it happened, RFC 3339 UTC. */
  time: Type.String(),
  /** Whether it should make itself heard. */
  alert: Type.Boolean(),
  /** The event's own data. */
  data: Type.Record(Type.String(), Type.Unknown()),
});
export type FeedFrameData = Static<typeof FeedFrameData>;

/**
 * `event:` of the frames about the stream itself. They carry no id.
 * - `reset`: the place to go on from is not known, or too far back; ask the gateway again
 * - `session-ended`: the token expired, the session or the account ended; so does the stream
 * - `room-left`: the person is out of a room
 */
export const CONTROL_EVENTS = ['reset', 'session-ended', 'room-left'] as const;
export type ControlEvent = (typeof CONTROL_EVENTS)[number];

/** `data:` of `session-ended`. */
export const SessionEndedData = Type.Object({
  reason: Type.Union([
    Type.Literal('token-expired'),
    Type.Literal('signed-out'),
    Type.Literal('account-deactivated'),
    Type.Literal('account-deleted'),
  ]),
});
export type SessionEndedData = Static<typeof SessionEndedData>;

/** `data:` of `room-left`. */
export const RoomLeftData = Type.Object({ roomId: Id });
export type RoomLeftData = Static<typeof RoomLeftData>;
