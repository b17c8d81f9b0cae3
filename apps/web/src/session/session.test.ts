import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { MessagePage } from '@sori/api';
import type { Api } from '../api/api.ts';
import { ApiError, UNREACHABLE } from '../api/http.ts';
import { createStore } from '../state/store.ts';
import { createFakeApi } from '../testing/fake-api.ts';
import { FakeEventSource } from '../testing/fake-event-source.ts';
import { createManualTimers } from '../testing/manual-timers.ts';
import { createMemoryStorage } from '../testing/memory-storage.ts';
import { ADA, frame, MINJI, message, pageOf, ROOM, sent } from '../testing/sample.ts';
import { HISTORY_LAG_MS } from './history.ts';
import { createKeepsake } from './keepsake.ts';
import { createSession } from './session.ts';

const LIVE_MS = 1_000;
const UNAUTHORIZED = new ApiError('token-expired', 401);
const roomId = ROOM.id;

/** Lets everything that was answered arrive. */
const settle = () => new Promise(setImmediate);

function setUp(overrides: Partial<Api> = {}, storage = createMemoryStorage()) {
  const api = createFakeApi(overrides);
  const store = createStore();
  const timers = createManualTimers();
  const sources: FakeEventSource[] = [];
  const heard: string[] = [];
  let ids = 0;
  const session = createSession(store, api, {
    openEventSource(url) {
      const source = new FakeEventSource(url);
      sources.push(source);
      return source;
    },
    after: timers.after,
    random: () => 0,
    newId() {
      ids += 1;
      return `client-${ids}`;
    },
    now: () => new Date('2026-03-02T09:00:00.000Z'),
    alert: ({ id }) => heard.push(id),
    keepsake: createKeepsake(storage),
  });
  const told = (name: string) => api.asked.filter((question) => question.startsWith(name));
  const timeline = () => store.state().timelines[roomId];
  const source = () => {
    const last = sources.at(-1);
    assert.ok(last);
    return last;
  };
  async function signedIn(): Promise<void> {
    await session.start();
    source().open();
    timers.advance(LIVE_MS);
    await settle();
    api.asked.length = 0;
  }
  return { api, store, timers, sources, heard, session, told, timeline, source, signedIn, storage };
}

describe('start', () => {
  test('opens the stream and asks for the lists, and for both again once it is live', async () => {
    const { session, store, source, told, timers } = setUp();
    await session.start();
    await settle();
    assert.deepEqual(store.state().phase, { name: 'signed-in', me: ADA });
    assert.equal(source().url, 'https://edge.example/v1/stream');
    assert.deepEqual([told('rooms').length, told('friends').length], [1, 1]);
    source().open();
    timers.advance(LIVE_MS);
    await settle();
    assert.deepEqual([told('rooms').length, told('friends').length], [2, 2]);
    assert.equal(store.state().connection, 'live');
  });

  test('ends at the form where nobody is signed in', async () => {
    const { session, api, store, sources } = setUp();
    api.refuse('me', new ApiError('token-missing', 401));
    await session.start();
    assert.deepEqual(store.state().phase, { name: 'signed-out', reason: 'none' });
    assert.equal(store.state().openSignIn, true);
    assert.equal(sources.length, 0);
  });

  test('says so where the gateway cannot be reached', async () => {
    const { session, api, store } = setUp();
    api.refuse('settings', new ApiError(UNREACHABLE, undefined));
    await session.start();
    assert.equal(store.state().phase.name, 'unreachable');
  });
});

describe('signing in and out', () => {
  test('a refused sign-in rejects, and leaves the form as it is', async () => {
    const { session, api, store } = setUp();
    api.refuse('signIn', new ApiError('invalid-request', 400));
    await assert.rejects(session.signIn('ada', ''), { code: 'invalid-request' });
    assert.equal(store.state().phase.name, 'starting');
  });

  test('signing out ends the stream and forgets what was kept', async () => {
    const { session, signedIn, source, store, storage } = setUp();
    await signedIn();
    session.send(roomId, 'on its way');
    session.save();
    assert.equal(storage.size, 1);
    await session.signOut();
    assert.deepEqual(store.state().phase, { name: 'signed-out', reason: 'left' });
    assert.equal(source().readyState, 2);
    assert.equal(storage.size, 0);
  });

  test('a session that the gateway does not know any more ends', async () => {
    const { session, signedIn, api, store } = setUp();
    await signedIn();
    api.refuse('mute', UNAUTHORIZED);
    await session.mute(roomId, true);
    assert.deepEqual(store.state().phase, { name: 'signed-out', reason: 'ended' });
  });

  test('messages that wait are never sent as somebody else', async () => {
    const hold = Promise.withResolvers<string>();
    const { session, signedIn, told, timeline } = setUp({ send: () => hold.promise });
    await signedIn();
    session.send(roomId, 'first');
    session.send(roomId, 'second');
    await session.signOut();
    await session.signIn('ada', '');
    hold.resolve('id');
    await settle();
    assert.equal(told('send').length, 1);
    assert.equal(timeline(), undefined);
  });
});

describe('messages', () => {
  test('are shown at once, acknowledged, and then in their place', async () => {
    const { session, signedIn, timeline, source } = setUp();
    await signedIn();
    session.send(roomId, 'hello');
    assert.equal(timeline()?.outgoing[0]?.state, 'sending');
    await settle();
    assert.equal(timeline()?.outgoing[0]?.state, 'sent');
    assert.equal(timeline()?.outgoing[0]?.messageId, 'id of client-1');
    const arrived = sent('1', ADA.id);
    source().tell('message.chat.sent', { ...arrived, id: 'e1' });
    assert.deepEqual(timeline()?.outgoing, []);
    assert.equal(timeline()?.messages.length, 1);
  });

  test('that failed are sent again as the same one', async () => {
    const { session, signedIn, timeline, told, api, store } = setUp();
    await signedIn();
    api.refuse('send', new ApiError('outcome-unknown', 503));
    session.send(roomId, 'hello');
    await settle();
    assert.equal(timeline()?.outgoing[0]?.state, 'failed');
    assert.equal(timeline()?.outgoing[0]?.problem, 'outcome-unknown');
    assert.deepEqual(store.state().notices, []);
    session.retry(roomId, 'client-1');
    session.retry(roomId, 'client-1');
    await settle();
    assert.equal(timeline()?.outgoing[0]?.state, 'sent');
    assert.deepEqual(told('send'), [
      `send ${roomId} client-1 hello`,
      `send ${roomId} client-1 hello`,
    ]);
  });

  test('a deletion proves what is mine, and asks by the role for what is not', async () => {
    const { session, signedIn, told } = setUp();
    await signedIn();
    await session.deleteMessage(roomId, message('a', { userId: ADA.id }));
    await session.deleteMessage(roomId, message('b'));
    assert.deepEqual(
      told('deleteMessage').map((question) => question.split(' ').at(-1)),
      ['client-a', ''],
    );
  });

  test('a reaction that is refused is taken back', async () => {
    const { session, signedIn, source, timeline, api, store } = setUp();
    await signedIn();
    source().tell('message.chat.sent', sent('a'));
    api.refuse('react');
    const refused = session.react({ roomId, messageId: 'a' }, '👍', true);
    assert.deepEqual(timeline()?.messages[0]?.reactions, { '👍': [ADA.id] });
    await refused;
    assert.deepEqual(timeline()?.messages[0]?.reactions, {});
    assert.deepEqual(
      store.state().notices.map(({ code }) => code),
      ['overloaded'],
    );
  });
});

describe('frames', () => {
  test('are heard where the edge says so', async () => {
    const { signedIn, source, heard } = setUp();
    await signedIn();
    source().tell('message.chat.sent', { ...sent('a'), alert: true });
    source().tell('message.chat.sent', sent('b'));
    assert.deepEqual(heard, ['a']);
  });

  test('ask again for what they made old', async () => {
    const { signedIn, source, told } = setUp();
    await signedIn();
    const data = { pairId: 'ada:minji', requesterId: MINJI.id, addresseeId: ADA.id };
    source().tell('friend.request.sent', frame('friend.request.sent', data));
    const joined = { roomId, actorId: MINJI.id, userId: 'jihun', role: 'member' } as const;
    source().tell('chat.member.joined', frame('chat.member.joined', joined));
    await settle();
    assert.deepEqual([told('friends').length, told('room ').length], [1, 1]);
  });

  test('of a stranger ask once who that is', async () => {
    const { signedIn, source, told, store } = setUp();
    await signedIn();
    source().tell('message.chat.sent', sent('a', 'jihun'));
    source().tell('message.chat.sent', sent('b', 'jihun'));
    source().tell('message.chat.sent', sent('c', MINJI.id));
    await settle();
    assert.deepEqual(told('person'), ['person jihun']);
    assert.equal(store.state().people['jihun']?.displayName, 'JIHUN');
  });

  test('of control end the session, take a room away, ask again', async () => {
    const { signedIn, source, store, told } = setUp();
    await signedIn();
    source().tell('room-left', { roomId });
    assert.equal(store.state().rooms[roomId], undefined);
    source().tell('reset', {});
    await settle();
    assert.deepEqual([told('rooms').length, told('friends').length], [1, 1]);
    source().tell('session-ended', { reason: 'token-expired' });
    assert.deepEqual(store.state().phase, { name: 'signed-out', reason: 'ended' });
  });
});

test('a reload keeps what was not sent, and asks for all else', async () => {
  const before = setUp();
  await before.signedIn();
  before.api.refuse('send');
  before.source().tell('message.chat.sent', sent('a'), '3.1.4');
  before.session.send(roomId, 'hello');
  await settle();
  before.session.save();

  const after = setUp({}, before.storage);
  await after.session.start();
  assert.deepEqual(after.timeline()?.messages, []);
  assert.equal(after.timeline()?.outgoing[0]?.text, 'hello');
  assert.equal(after.source().url, 'https://edge.example/v1/stream');
});

describe('history', () => {
  const two = pageOf([
    ['m1', {}],
    ['m2', {}],
  ]);
  const ids = (shown: readonly { readonly id: string }[] | undefined) => shown?.map(({ id }) => id);

  test('is loaded page by page until the beginning', async () => {
    const history: Api['history'] = async (_roomId, before) =>
      before === undefined
        ? { ...pageOf([['m3', { seq: 3 }]]), next: 3 }
        : { ...two, people: [MINJI] };
    const { session, signedIn, told, timeline } = setUp({ history });
    await signedIn();
    await session.loadHistory(roomId);
    assert.equal(timeline()?.older, 3);
    await Promise.all([session.loadHistory(roomId), session.loadHistory(roomId)]);
    await session.loadHistory(roomId);
    assert.deepEqual(ids(timeline()?.messages), ['m1', 'm2', 'm3']);
    assert.equal(timeline()?.older, 'none');
    assert.equal(told('history').length, 2);
  });

  test('that fails says so in its place, and is asked for again', async () => {
    const { session, signedIn, api, store, timeline } = setUp({ history: async () => two });
    await signedIn();
    api.refuse('history');
    await session.loadHistory(roomId);
    assert.equal(timeline()?.loading, 'failed');
    assert.deepEqual(store.state().notices, []);
    await session.loadHistory(roomId);
    assert.deepEqual([timeline()?.loading, timeline()?.messages.length], ['idle', 2]);
  });

  test('closes the gap of the room on the screen, at once and a moment later', async () => {
    const pages = [two, pageOf([['m1', {}]]), two];
    const history: Api['history'] = async () => pages.shift() ?? two;
    const { session, signedIn, source, store, timeline, told, timers } = setUp({ history });
    await signedIn();
    timers.advance(HISTORY_LAG_MS);
    store.dispatch({ type: 'room/watched', roomId });
    source().tell('message.chat.sent', sent('m1'));
    source().tell('reset', {});
    assert.equal(timeline()?.gapAfter, 'm1');
    await settle();
    assert.equal(timeline()?.gapAfter, undefined);
    source().tell('message.chat.sent', sent('m4'));
    timers.advance(HISTORY_LAG_MS);
    await settle();
    assert.deepEqual(ids(timeline()?.messages), ['m1', 'm2', 'm4']);
    assert.equal(told('history').length, 2);
    await session.loadHistory(roomId);
    assert.equal(told('history').length, 2);
  });

  test('that fails a moment later is asked for again, without a word', async () => {
    const { session, signedIn, api, timeline, told, timers } = setUp({ history: async () => two });
    await signedIn();
    await session.loadHistory(roomId);
    for (const refused of [true, false]) {
      if (refused) api.refuse('history');
      timers.advance(HISTORY_LAG_MS);
      await settle();
      assert.equal(timeline()?.loading, 'idle');
    }
    timers.advance(HISTORY_LAG_MS);
    assert.equal(told('history').length, 3);
  });

  test('of a room that was left meanwhile is not shown', async () => {
    const page = Promise.withResolvers<MessagePage>();
    const { session, signedIn, source, timeline } = setUp({ history: () => page.promise });
    await signedIn();
    const loading = session.loadHistory(roomId);
    source().tell('room-left', { roomId });
    page.resolve(two);
    await loading;
    assert.equal(timeline(), undefined);
  });
});

test('an answer that comes after its person has left changes nothing', async () => {
  const rooms = Promise.withResolvers<Awaited<ReturnType<Api['rooms']>>>();
  const { session, store } = setUp({ rooms: () => rooms.promise });
  await session.start();
  await session.signOut();
  rooms.resolve({ rooms: [{ ...ROOM, members: [] }], people: [MINJI] });
  await settle();
  assert.deepEqual(store.state().rooms, {});
  assert.deepEqual(store.state().people, {});
});
