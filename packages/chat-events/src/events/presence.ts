import { defineEvent } from '@sori/contract';
import { Type } from 'typebox';
import { Id, Time } from '../fields.ts';
import { userOnlineStatus as topic } from '../topics.ts';

const Session = {
  userId: Id,
  /** One connection of one device at one edge: a lease of its own. */
  sessionId: Id,
  edgeId: Id,
  device: Type.String({ maxLength: 64 }),
  /** How long this record speaks for the session, from the record's own time. */
  leaseMs: Type.Integer({ minimum: 0, maximum: 600_000 }),
  state: Type.Union([Type.Literal('online'), Type.Literal('away'), Type.Literal('offline')]),
  /** When the state began. */
  since: Time,
};

export const presenceChanged = defineEvent({
  type: 'user.presence.changed',
  topic,
  key: 'userId',
  description: "A session's state changed",
  data: Type.Object(Session),
});

export const presenceHeartbeat = defineEvent({
  type: 'user.presence.heartbeat',
  topic,
  key: 'userId',
  description: 'A session is still there, and in which state: readers may begin in the middle',
  data: Type.Object(Session),
});
