import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { FakeEventSource } from '../testing/fake-event-source.ts';
import { createManualTimers } from '../testing/manual-timers.ts';
import { openStream, REMEMBERED_EVENTS } from './stream.ts';

const SETTLED_MS = 1_000;
const ANY_WAIT_MS = 60_000;

function setUp() {
  const timers = createManualTimers();
  const sources: FakeEventSource[] = [];
  const told: string[] = [];
  const asked = { signedIn: true };
  const stream = openStream(
    'https://edge.example/v1/stream',
    {
      connection: (state) => told.push(state),
      frame: ({ id }) => told.push(`frame ${id}`),
      control: ({ type }) => told.push(type),
      presence: ({ people }) => told.push(`presence of ${people.length}`),
      gap: () => told.push('gap'),
    },
    {
      open(url) {
        const source = new FakeEventSource(url);
        sources.push(source);
        return source;
      },
      after: timers.after,
      random: () => 1,
      stillSignedIn: async () => asked.signedIn,
    },
  );
  const last = () => {
    const source = sources.at(-1);
    assert.ok(source);
    return source;
  };
  return { timers, sources, told, asked, stream, last };
}

/** Lets the answer to "still signed in?" arrive. */
const settle = () => new Promise(setImmediate);

const body = (id: string) => ({ id, time: '2026-03-02T09:00:00Z', alert: false, data: {} });

describe('connection', () => {
  test('is live once it has lasted, or told something', () => {
    const lasted = setUp();
    lasted.last().open();
    assert.deepEqual(lasted.told, ['connecting']);
    lasted.timers.advance(SETTLED_MS);
    assert.deepEqual(lasted.told, ['connecting', 'live']);

    const spoke = setUp();
    spoke.last().open();
    spoke.last().tell('user.account.deleted', body('e1'));
    assert.deepEqual(spoke.told, ['connecting', 'live', 'frame e1']);
    assert.equal(spoke.timers.waiting(), 0);
  });

  test('that is answered and hung up at once was never live', () => {
    const { last, timers, told } = setUp();
    for (let attempt = 0; attempt < 3; attempt += 1) {
      last().open();
      last().interrupt();
    }
    timers.advance(ANY_WAIT_MS);
    assert.deepEqual(told, ['connecting', 'connecting', 'offline']);
  });

  test('interrupted, it is connecting, and offline once that has lasted', () => {
    const { last, timers, told } = setUp();
    last().open();
    timers.advance(SETTLED_MS);
    last().interrupt();
    last().interrupt();
    assert.deepEqual(told.slice(2), ['connecting']);
    timers.advance(ANY_WAIT_MS);
    assert.deepEqual(told.slice(2), ['connecting', 'offline']);
    last().open();
    timers.advance(SETTLED_MS);
    assert.deepEqual(told.slice(4), ['live']);
  });

  test('refused, another is opened after a wait, from the last place', async () => {
    const { last, timers, told, sources } = setUp();
    last().open();
    last().tell('user.account.deleted', body('e1'), '4.0.2');
    last().refuse();
    assert.equal(told.at(-1), 'offline');
    timers.advance(ANY_WAIT_MS);
    await settle();
    assert.equal(sources.length, 2);
    assert.equal(last().url, 'https://edge.example/v1/stream?cursor=4.0.2');
  });

  test('waits longer after every refusal, up to a limit', async () => {
    const { last, timers, sources } = setUp();
    const waits: number[] = [];
    for (let attempt = 1; attempt <= 8; attempt += 1) {
      last().refuse();
      let waited = 0;
      while (sources.length === attempt) {
        timers.advance(500);
        waited += 500;
        await settle();
      }
      waits.push(waited);
    }
    assert.deepEqual(waits, [500, 1_000, 2_000, 4_000, 8_000, 16_000, 20_000, 20_000]);
  });

  test('is over where the person is signed out', async () => {
    const { last, timers, told, asked, sources } = setUp();
    asked.signedIn = false;
    last().refuse();
    timers.advance(ANY_WAIT_MS);
    await settle();
    assert.equal(told.at(-1), 'session-ended');
    assert.equal(sources.length, 1);
  });
});

describe('retryNow', () => {
  test('does not wait for the next attempt', async () => {
    const { last, stream, sources } = setUp();
    last().refuse();
    stream.retryNow();
    stream.retryNow();
    await settle();
    assert.equal(sources.length, 2);
  });

  test('takes over from a browser that is trying', async () => {
    const { last, stream, sources, timers, told } = setUp();
    last().open();
    last().tell('user.account.deleted', body('e1'), '1.1.1');
    last().interrupt();
    stream.retryNow();
    await settle();
    assert.equal(sources.length, 2);
    assert.equal(sources[0]?.readyState, 2);
    assert.equal(last().url, 'https://edge.example/v1/stream?cursor=1.1.1');
    timers.advance(ANY_WAIT_MS);
    assert.ok(!told.includes('offline'));
  });

  test('leaves a stream that is live alone', async () => {
    const { last, stream, sources, timers } = setUp();
    last().open();
    timers.advance(SETTLED_MS);
    stream.retryNow();
    await settle();
    assert.equal(sources.length, 1);
  });
});

describe('frames', () => {
  test('told twice are told once, on whichever connection', async () => {
    const { last, told, stream } = setUp();
    last().open();
    last().tell('user.account.deleted', body('e1'), '1');
    last().tell('user.account.deleted', body('e1'), '2');
    last().refuse();
    stream.retryNow();
    await settle();
    last().open();
    last().tell('user.account.deleted', body('e1'), '2');
    last().tell('user.account.deleted', body('e2'), '3');
    assert.deepEqual(
      told.filter((word) => word.startsWith('frame')),
      ['frame e1', 'frame e2'],
    );
    last().refuse();
    stream.retryNow();
    await settle();
    assert.equal(last().url, 'https://edge.example/v1/stream?cursor=3');
  });

  test('are remembered up to a number', () => {
    const { last, told } = setUp();
    last().open();
    for (let at = 0; at <= REMEMBERED_EVENTS; at += 1) {
      last().tell('user.account.deleted', body(`e${at}`));
    }
    const before = told.length;
    last().tell('user.account.deleted', body('e1'));
    assert.equal(told.length, before);
    last().tell('user.account.deleted', body('e0'));
    assert.equal(told.at(-1), 'frame e0');
  });

  test('that cannot be read move the place and say nothing', async () => {
    const { last, told, stream } = setUp();
    last().open();
    last().tell('user.account.deleted', {}, '7');
    assert.deepEqual(told, ['connecting', 'live']);
    last().refuse();
    stream.retryNow();
    await settle();
    assert.equal(last().url, 'https://edge.example/v1/stream?cursor=7');
  });

  test('of presence are told, without a place', () => {
    const { last, told } = setUp();
    last().open();
    last().tell('presence', { people: [{ userId: 'minji', state: 'online' }], snapshot: true });
    last().tell('presence', { people: [{ userId: 'minji', state: 'elsewhere' }] });
    assert.deepEqual(told, ['connecting', 'live', 'presence of 1']);
  });

  test('of control are told', () => {
    const { last, told } = setUp();
    last().open();
    last().tell('reset', {});
    last().tell('room-left', { roomId: 'r' });
    assert.deepEqual(told.slice(2), ['reset', 'room-left']);
  });
});

describe('a gap', () => {
  async function reopened(place = '') {
    const world = setUp();
    world.last().open();
    world.last().tell('user.account.deleted', body('e1'), place);
    world.timers.advance(SETTLED_MS);
    world.last().refuse();
    world.stream.retryNow();
    await settle();
    world.last().open();
    world.timers.advance(SETTLED_MS);
    return world.told;
  }

  test('is where a stream starts anew without a place', async () => {
    assert.deepEqual((await reopened()).slice(-2), ['live', 'gap']);
  });

  test('is not where it goes on from one', async () => {
    assert.ok(!(await reopened('5')).includes('gap'));
  });
});

test('closed, nothing goes on', async () => {
  const { last, stream, timers, sources } = setUp();
  last().refuse();
  stream.close();
  timers.advance(ANY_WAIT_MS);
  await settle();
  assert.equal(sources.length, 1);
  assert.equal(timers.waiting(), 0);
});
