import { defineEvent } from '@sori/contract';
import { Type } from 'typebox';
import { DisplayName, Handle, Id } from '../fields.ts';
import { userEvents as topic } from '../topics.ts';

export const accountRegistered = defineEvent({
  type: 'user.account.registered',
  topic,
  key: 'userId',
  description: 'A person signed up',
  data: Type.Object({ userId: Id, handle: Handle, displayName: DisplayName }),
});

export const accountDeactivated = defineEvent({
  type: 'user.account.deactivated',
  topic,
  key: 'userId',
  description: 'An account was switched off, and can come back',
  data: Type.Object({ userId: Id, reason: Type.Optional(Type.String({ maxLength: 200 })) }),
});

export const accountDeleted = defineEvent({
  type: 'user.account.deleted',
  topic,
  key: 'userId',
  description: 'An account is gone: readers forget the person',
  data: Type.Object({ userId: Id }),
});

export const profileUpdated = defineEvent({
  type: 'user.profile.updated',
  topic,
  key: 'userId',
  description: 'A person changed their profile',
  data: Type.Object({ userId: Id, displayName: DisplayName }),
});

export const sessionStarted = defineEvent({
  type: 'user.session.started',
  topic,
  key: 'userId',
  description: 'A person signed in',
  data: Type.Object({ userId: Id, sessionId: Id }),
});

export const sessionEnded = defineEvent({
  type: 'user.session.ended',
  topic,
  key: 'userId',
  description: 'A person signed out',
  data: Type.Object({ userId: Id, sessionId: Id }),
});

export const settingsUpdated = defineEvent({
  type: 'user.settings.updated',
  topic,
  key: 'userId',
  description: 'A person changed their settings',
  data: Type.Object({
    userId: Id,
    settings: Type.Record(
      Type.String(),
      Type.Union([Type.String({ maxLength: 1_000 }), Type.Number(), Type.Boolean()]),
    ),
  }),
});
