import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { catalog, chatNotificationGroup, notificationGroup } from '@sori/chat-events';
import { chatRules, friendRules, messageRules, userRules } from './rules.ts';

const message = { roomId: 'r1', userId: 'ann', membersVersion: 3, messageId: 'm1' };
const member = { roomId: 'r1', actorId: 'ann', userId: 'bob', membersVersion: 4 };
const request = { pairId: 'ann:bob', requesterId: 'ann', addresseeId: 'bob' };
const between = { pairId: 'ann:bob', userId: 'ann', otherUserId: 'bob' };

const silently = (userId: string) => ({ kind: 'person', userId, actorId: userId, alert: false });

/** Every event type of a group's topics, sorted. */
function typesOf(group: typeof notificationGroup): readonly string[] {
  const topics = new Set(catalog.topicsOf(group).map(({ name }) => name));
  return catalog.events
    .filter(({ topic }) => topics.has(topic.name))
    .map(({ type }) => type)
    .sort();
}

test('every event type of both groups has a rule, and no other', () => {
  const notified = Object.keys({ ...messageRules, ...friendRules, ...userRules }).sort();
  assert.deepEqual(notified, typesOf(notificationGroup));
  assert.deepEqual(Object.keys(chatRules).sort(), typesOf(chatNotificationGroup));
});

describe('messages', () => {
  test('reach the members as of the version that the message was allowed under', () => {
    const sent = { ...message, clientMessageId: 'c1', text: 'hi' };
    assert.deepEqual(messageRules['message.chat.sent'](sent), [
      { kind: 'room', roomId: 'r1', version: 3, actorId: 'ann', also: [], alerts: 'everyone' },
    ]);
  });

  test('alert with a new message only', () => {
    const edited = messageRules['message.chat.edited']({ ...message, text: 'ho' });
    const deleted = messageRules['message.chat.deleted'](message);
    const added = messageRules['message.reaction.added']({ ...message, emoji: '👍' });
    const removed = messageRules['message.reaction.removed']({ ...message, emoji: '👍' });
    const read = messageRules['message.receipt.read'](message);
    for (const [audience] of [edited, deleted, added, removed, read]) {
      assert.deepEqual(audience?.alerts, []);
    }
  });
});

describe('rooms', () => {
  test('who was invited, removed or given a role by another is alerted, nobody else', () => {
    for (const audiences of [
      chatRules['chat.member.joined']({ ...member, role: 'member' }),
      chatRules['chat.member.removed'](member),
      chatRules['chat.member.role-changed']({ ...member, role: 'moderator' }),
    ]) {
      assert.deepEqual(audiences, [
        {
          kind: 'room',
          roomId: 'r1',
          version: 4,
          actorId: 'ann',
          also: ['bob'],
          alerts: ['bob'],
        },
      ]);
    }
  });

  test('who joins or leaves by themselves alerts nobody, and sees it on all devices', () => {
    const own = { ...member, actorId: 'bob' };
    const [joined] = chatRules['chat.member.joined']({ ...own, role: 'member' });
    const [left] = chatRules['chat.member.left'](own);
    assert.deepEqual([joined?.alerts, joined?.also], [[], ['bob']]);
    assert.deepEqual([left?.alerts, left?.also], [[], ['bob']]);
  });

  test('muting is nobody else’s business', () => {
    assert.deepEqual(chatRules['chat.member.muted'](member), [silently('bob')]);
    assert.deepEqual(chatRules['chat.member.unmuted'](member), [silently('bob')]);
  });
});

describe('friendships', () => {
  test('a request alerts the one asked, an acceptance the one who asked', () => {
    assert.deepEqual(friendRules['friend.request.sent'](request), [
      { kind: 'person', userId: 'bob', actorId: 'ann', alert: true },
      silently('ann'),
    ]);
    assert.deepEqual(friendRules['friend.request.accepted'](request), [
      { kind: 'person', userId: 'ann', actorId: 'bob', alert: true },
      silently('bob'),
    ]);
  });

  test('what ends something reaches both, silently', () => {
    const both = [silently('bob'), silently('ann')];
    assert.deepEqual(friendRules['friend.request.rejected'](request), both);
    assert.deepEqual(friendRules['friend.request.cancelled'](request), both);
    assert.deepEqual(friendRules['friend.relation.removed'](between), both.toReversed());
  });

  test('nobody hears of being blocked or unblocked', () => {
    assert.deepEqual(friendRules['friend.block.created'](between), [silently('ann')]);
    assert.deepEqual(friendRules['friend.block.removed'](between), [silently('ann')]);
  });
});

describe('accounts', () => {
  test('what friends see goes to friends, the rest to the person’s own devices', () => {
    const friends = [{ kind: 'friends', userId: 'ann' }];
    assert.deepEqual(
      userRules['user.profile.updated']({ userId: 'ann', displayName: 'A' }),
      friends,
    );
    assert.deepEqual(userRules['user.account.deleted']({ userId: 'ann' }), friends);
    assert.deepEqual(userRules['user.account.deactivated']({ userId: 'ann' }), friends);
    const session = { userId: 'ann', sessionId: 's1' };
    assert.deepEqual(userRules['user.session.started'](session), [silently('ann')]);
    assert.deepEqual(userRules['user.session.ended'](session), [silently('ann')]);
    const settings = { userId: 'ann', settings: {} };
    assert.deepEqual(userRules['user.settings.updated'](settings), [silently('ann')]);
  });
});
