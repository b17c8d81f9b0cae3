import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { decodeMemberData, encodeMemberData } from './member-data.ts';

describe('what a member says of itself', () => {
  test('is read back as it was said', () => {
    const data = { name: '알림-1', partitions: new Map([['chat.events', 3]]) };
    assert.deepEqual(decodeMemberData(encodeMemberData(data)), data);
  });

  test('is the same bytes whatever the order of the topics', () => {
    const one = new Map([
      ['a', 1],
      ['b', 2],
    ] as const);
    const other = new Map([
      ['b', 2],
      ['a', 1],
    ] as const);
    assert.deepEqual(
      encodeMemberData({ name: 'm', partitions: one }),
      encodeMemberData({ name: 'm', partitions: other }),
    );
  });

  test('changes when a topic grows', () => {
    const said = (count: number) =>
      encodeMemberData({ name: 'm', partitions: new Map([['a', count]]) });
    assert.notDeepEqual(said(1), said(2));
  });

  for (const [what, bytes] of [
    ['nothing', undefined],
    ['no bytes', Buffer.alloc(0)],
    ['another client’s bytes', Buffer.from([0, 0, 0, 1, 0, 3])],
    ['other JSON', Buffer.from('[1]')],
    ['a null', Buffer.from('null')],
    ['a name that is no text', Buffer.from('{"name":1}')],
  ] as const) {
    test(`${what} is not ours`, () => assert.equal(decodeMemberData(bytes), undefined));
  }

  test('of another version is read as far as it is understood', () => {
    const bytes = Buffer.from(
      '{"name":"m","partitions":{"a":2,"b":"x","c":-1,"d":1.5},"weight":3}',
    );
    assert.deepEqual(decodeMemberData(bytes), { name: 'm', partitions: new Map([['a', 2]]) });
    assert.deepEqual(decodeMemberData(Buffer.from('{"name":"m","partitions":7}')), {
      name: 'm',
      partitions: new Map(),
    });
  });
});
