import { defineEvent } from '@sori/contract';
import { Type } from 'typebox';
import { Id, Time } from '../fields.ts';
import { notificationEvents as topic } from '../topics.ts';

/** The most recipients one record names; a larger audience takes several records. */
export const RECIPIENTS_PER_NOTIFICATION = 2_000;

export const feedAppended = defineEvent({
  type: 'notification.feed.appended',
  topic,
  key: 'targetId',
  description: 'Something for the screens of its recipients',
  data: Type.Object({
    /** The room that it happened in, else the one person it is for: the record's key. */
    targetId: Id,
    target: Type.Union([Type.Literal('room'), Type.Literal('user')]),
    /** The event that it tells of: its type, id, time and data, unchanged. */
    source: Type.Object({
      type: Type.String(),
      id: Type.String(),
      time: Time,
      data: Type.Record(Type.String(), Type.Unknown()),
    }),
    /** Who gets it, on every device. */
    recipients: Type.Array(Id, { maxItems: RECIPIENTS_PER_NOTIFICATION }),
    /** Which of the recipients get it without an alert. */
    silent: Type.Array(Id, { maxItems: RECIPIENTS_PER_NOTIFICATION }),
    /** Which part of the audience this is, from 0, of how many. */
    chunk: Type.Integer({ minimum: 0 }),
    chunks: Type.Integer({ minimum: 1 }),
  }),
});
