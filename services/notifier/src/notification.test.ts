import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RECIPIENTS_PER_NOTIFICATION } from '@sori/chat-events';
import { derivedEventId, type Event } from '@sori/contract';
import fc from 'fast-check';
import type { Delivery } from './audience/audience.ts';
import { notificationsOf } from './notification.ts';

const EVENT: Event = {
  id: 'e1',
  type: 'message.chat.sent',
  version: 1,
  source: '/sori/gateway',
  time: '2026-01-27T10:00:00.000Z',
  subject: 'r1',
  correlationId: 'c1',
  causationId: 'before',
  traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  data: { roomId: 'r1', userId: 'u0', messageId: 'e1', text: 'hi', unknown: { kept: true } },
};

function delivery(recipients: readonly string[], silent: readonly string[] = []): Delivery {
  return { target: 'room', targetId: 'r1', recipients, silent };
}

const people = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, n) => `u${String(n).padStart(5, '0')}`);

test('an event is told as it was, with where it came from', () => {
  const [notification, ...others] = notificationsOf(EVENT, [delivery(['u0', 'u1'], ['u0'])]);
  assert.equal(others.length, 0);
  assert.deepEqual(notification?.attributes, {
    id: derivedEventId('notification', 'e1', '0'),
    time: EVENT.time,
    correlationId: 'c1',
    causationId: 'e1',
    traceparent: EVENT.traceparent,
  });
  assert.equal(notification.draft.key, 'r1');
  assert.deepEqual(notification.draft.data, {
    targetId: 'r1',
    target: 'room',
    source: { type: EVENT.type, id: 'e1', time: EVENT.time, data: EVENT.data },
    recipients: ['u0', 'u1'],
    silent: ['u0'],
    chunk: 0,
    chunks: 1,
  });
});

test('a time with another offset is told in UTC', () => {
  const event = { ...EVENT, time: '2026-01-27T19:00:00+09:00' };
  const [notification] = notificationsOf(event, [delivery(['u0'])]);
  assert.equal(notification?.attributes.time, '2026-01-27T10:00:00.000Z');
});

test('nobody concerned, nothing told', () => {
  assert.deepEqual(notificationsOf(EVENT, [delivery([])]), []);
  assert.deepEqual(notificationsOf(EVENT, []), []);
});

test('one record holds so many recipients, and the next one the rest', () => {
  const limit = RECIPIENTS_PER_NOTIFICATION;
  const sizes = (count: number): readonly number[] =>
    notificationsOf(EVENT, [delivery(people(count))]).map(
      ({ draft }) => recipientsIn(draft).length,
    );
  assert.deepEqual(sizes(limit), [limit]);
  assert.deepEqual(sizes(limit + 1), [limit, 1]);
  assert.deepEqual(sizes(2 * limit + 500), [limit, limit, 500]);
});

test('several deliveries are told apart, and numbered through', () => {
  const one: Delivery = { target: 'user', targetId: 'ann', recipients: ['ann'], silent: [] };
  const other: Delivery = { ...one, targetId: 'bob', recipients: ['bob'] };
  const notifications = notificationsOf(EVENT, [one, other]);
  assert.deepEqual(
    notifications.map(({ draft, attributes }) => [draft.key, attributes.id]),
    [
      ['ann', derivedEventId('notification', 'e1', '0')],
      ['bob', derivedEventId('notification', 'e1', '1')],
    ],
  );
});

test('chunks hold every recipient once, in order, with their silence, and are made again the same', () => {
  const cases = fc
    .record({ count: fc.integer({ min: 0, max: 6_500 }), every: fc.integer({ min: 1, max: 50 }) })
    .map(({ count, every }) => {
      const recipients = people(count);
      return delivery(
        recipients,
        recipients.filter((_, n) => n % every === 0),
      );
    });
  fc.assert(
    fc.property(cases, (given) => {
      const notifications = notificationsOf(EVENT, [given]);
      const drafts = notifications.map(({ draft }) => draft);
      assert.deepEqual(drafts.flatMap(recipientsIn), given.recipients);
      assert.deepEqual(drafts.flatMap(silentIn), given.silent);
      for (const draft of drafts) {
        const recipients = new Set(recipientsIn(draft));
        assert(silentIn(draft).every((id) => recipients.has(id)));
      }
      const ids = notifications.map(({ attributes }) => attributes.id);
      assert.equal(new Set(ids).size, ids.length);
      assert.deepEqual(notificationsOf(EVENT, [given]), notifications);
    }),
    { numRuns: 30 },
  );
});

function recipientsIn({ data }: { readonly data: unknown }): readonly string[] {
  return (data as { readonly recipients: readonly string[] }).recipients;
}

function silentIn({ data }: { readonly data: unknown }): readonly string[] {
  return (data as { readonly silent: readonly string[] }).silent;
}
