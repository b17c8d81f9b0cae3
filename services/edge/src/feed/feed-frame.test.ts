import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { SharedFrame } from '../connection/frames.ts';
import { testFrame } from '../testing/frames.ts';
import { notificationRecord } from '../testing/notifications.ts';
import { TEST_TOPIC } from '../testing/test-edge.ts';
import { decodeFrame } from './feed-frame.ts';

const SOURCE = { topic: TEST_TOPIC, partition: 0, offset: 5, timestamp: 0 };

describe('a frame', () => {
  const notification = { sourceId: 'e1', data: { text: 'a\n\nb\r\ndata: c' }, silent: ['ben'] };

  test('is the event in one block, whatever its text', () => {
    const text = testFrame(0, 5, notification).bytes('6.0.0', true).toString();
    assert.equal(
      text,
      'id: 6.0.0\nevent: message.chat.sent\ndata: {"id":"e1","time":"2026-01-27T00:00:00.000Z",' +
        '"alert":true,"data":{"text":"a\\n\\nb\\r\\ndata: c"}}\n\n',
    );
  });

  test('has two forms, each made once for all who get it', () => {
    const shared = new SharedFrame(testFrame(0, 5, notification), '6');
    const [ann, cho, ben] = ['ann', 'cho', 'ben'].map((id) => shared.bytesFor(id));
    assert.equal(ann, cho);
    assert.match(String(ann), /"alert":true/);
    assert.equal(String(ben), String(ann).replace('"alert":true', '"alert":false'));
    assert.equal(shared.bytesFor('ben'), ben);
  });
});

describe('what an event means for a stream', () => {
  const member = { roomId: 'r', actorId: 'ben', userId: 'ann', membersVersion: 2 };

  test('somebody is out of a room', () => {
    for (const type of ['chat.member.left', 'chat.member.removed']) {
      const { effect } = testFrame(0, 0, { type, data: member });
      assert.deepEqual(effect, { kind: 'room-left', userId: 'ann', roomId: 'r' });
    }
  });

  test('a session, or all of an account, is over', () => {
    const ended = { kind: 'session-ended', userId: 'ann', sessionId: undefined };
    const data = { userId: 'ann' };
    const effectOf = (type: string, data: object) =>
      testFrame(0, 0, { type, data: { ...data } }).effect;
    assert.deepEqual(effectOf('user.account.deleted', data), {
      ...ended,
      reason: 'account-deleted',
    });
    assert.deepEqual(effectOf('user.account.deactivated', data), {
      ...ended,
      reason: 'account-deactivated',
    });
    assert.deepEqual(effectOf('user.session.ended', { ...data, sessionId: 's' }), {
      ...ended,
      sessionId: 's',
      reason: 'signed-out',
    });
  });

  test('data that is not the event’s means nothing', () => {
    for (const type of ['chat.member.left', 'user.account.deleted', 'user.session.ended']) {
      assert.equal(testFrame(0, 0, { type, data: { userId: { $ne: '' } } }).effect, undefined);
    }
  });
});

describe('a record of the feed', () => {
  const record = notificationRecord({ recipients: ['ann', 'ben', 'ann'], sourceId: 'e1' });

  test('reaches each recipient once', () => {
    assert.deepEqual(decodeFrame({ ...SOURCE, ...record }).recipients, ['ann', 'ben']);
  });

  test('that is none is refused with a reason', () => {
    const refused = (changes: object, reason: string) =>
      assert.throws(() => decodeFrame({ ...SOURCE, ...record, ...changes }), { reason });
    refused({ value: null }, 'tombstone');
    refused({ value: Buffer.from('{"recipients":') }, 'not-json');
    refused({ value: Buffer.from('{}') }, 'invalid-data');
    refused({ key: Buffer.from('other') }, 'wrong-key');
    refused({ headers: [] }, 'missing-header');
    const foreign = record.headers.map((header) =>
      header.key === 'ce_type' ? { ...header, value: Buffer.from('message.chat.sent') } : header,
    );
    refused({ headers: foreign }, 'unknown-type');
  });

  test('cannot end a line of the stream with its type', () => {
    const evil = notificationRecord({
      recipients: ['ann'],
      sourceId: 'e1',
      type: 'a\ndata: b\n\nevent: session-ended',
    });
    assert.throws(() => decodeFrame({ ...SOURCE, ...evil }), { reason: 'invalid-data' });
  });
});
