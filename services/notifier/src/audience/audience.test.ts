import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { deliveryOf, mayAlert, type RoomAudience } from './audience.ts';

const NOBODY: ReadonlySet<string> = new Set();

const room = (given: Partial<RoomAudience> = {}): RoomAudience => ({
  kind: 'room',
  roomId: 'r1',
  version: 1,
  actorId: 'ann',
  also: [],
  alerts: 'everyone',
  ...given,
});

describe('a room', () => {
  test('everyone gets it; the sender and who wants no alert get it silently', () => {
    const quiet = new Set(['bob', 'somebody-elsewhere']);
    assert.deepEqual(deliveryOf(room(), ['ann', 'bob', 'cem', 'dia'], quiet), {
      target: 'room',
      targetId: 'r1',
      recipients: ['ann', 'bob', 'cem', 'dia'],
      silent: ['ann', 'bob'],
    });
  });

  test('what alerts nobody is silent for everyone', () => {
    const { silent } = deliveryOf(room({ alerts: [] }), ['ann', 'bob'], NOBODY);
    assert.deepEqual(silent, ['ann', 'bob']);
  });

  test('people who are no members get it as well, once and in order', () => {
    const audience = room({ also: ['bea', 'ann'], alerts: ['bea'] });
    assert.deepEqual(deliveryOf(audience, ['ann', 'cem'], NOBODY), {
      target: 'room',
      targetId: 'r1',
      recipients: ['ann', 'bea', 'cem'],
      silent: ['ann', 'cem'],
    });
  });

  test('nobody is alerted by what they did themselves', () => {
    const audience = room({ also: ['ann'], alerts: ['ann'] });
    assert.deepEqual(deliveryOf(audience, [], NOBODY).silent, ['ann']);
  });

  test('recipients are in one order, without repetition; the silent are among them', () => {
    const ids = fc.uniqueArray(fc.stringMatching(/^[A-Za-z0-9_-]{1,4}$/), { maxLength: 20 });
    fc.assert(
      fc.property(ids, ids, ids, ids, fc.boolean(), (found, also, quiet, alerts, everyone) => {
        const audience = room({ also, alerts: everyone ? 'everyone' : alerts });
        const delivery = deliveryOf(audience, found.toSorted(), new Set(quiet));
        const all = [...new Set([...found, ...also])].sort();
        assert.deepEqual(delivery.recipients, all);
        const alerted = all.filter((id) => !delivery.silent.includes(id));
        assert.deepEqual([...delivery.silent, ...alerted].sort(), all);
        for (const id of alerted) {
          assert(id !== 'ann' && !quiet.includes(id) && (everyone || alerts.includes(id)));
        }
      }),
    );
  });
});

describe('a person', () => {
  const person = { kind: 'person', userId: 'bob', actorId: 'ann', alert: true } as const;

  test('is alerted, unless they blocked who did it', () => {
    assert.deepEqual(deliveryOf(person, [], NOBODY), {
      target: 'user',
      targetId: 'bob',
      recipients: ['bob'],
      silent: [],
    });
    assert.deepEqual(deliveryOf(person, [], new Set(['bob'])).silent, ['bob']);
    assert.deepEqual(deliveryOf({ ...person, alert: false }, [], NOBODY).silent, ['bob']);
  });
});

test('friends get it with the person, silently', () => {
  const audience = { kind: 'friends', userId: 'bob' } as const;
  assert.deepEqual(deliveryOf(audience, ['ann', 'cem'], NOBODY), {
    target: 'user',
    targetId: 'bob',
    recipients: ['ann', 'bob', 'cem'],
    silent: ['ann', 'bob', 'cem'],
  });
  assert.equal(mayAlert(audience), false);
});
