import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { VirtualClock } from '@sori/stream/memory';
import { testFrame } from '../testing/frames.ts';
import { Ring } from './ring.ts';
import { RingReplay } from './ring-replay.ts';

const MUCH = 1_000_000;
const START = [0, 0];

function createRing({ maxBytes = MUCH, maxAgeMs = MUCH, clock = new VirtualClock(0) } = {}): Ring {
  const ring = new Ring({ maxBytes, maxAgeMs, clock });
  ring.restart(START);
  return ring;
}

/** The offsets that a person is given, partition by partition number: `0/5`. */
function replayed(replay: RingReplay): string[] {
  const given: string[] = [];
  for (let step = replay.next(); typeof step === 'object'; step = replay.next()) {
    given.push(`${step.partition}/${step.offset}`);
  }
  return given;
}

describe('the ring', () => {
  test('gives each person their own, from their cursor on, in the order of reading', () => {
    const ring = createRing();
    ring.append(testFrame(0, 0), ['ann', 'ben']);
    ring.append(testFrame(1, 0), ['ben']);
    ring.append(testFrame(1, 1), ['ann']);
    ring.append(testFrame(0, 1), ['ann']);
    assert.deepEqual(replayed(new RingReplay(ring, 'ann', START)), ['0/0', '1/1', '0/1']);
    assert.deepEqual(replayed(new RingReplay(ring, 'ann', [1, 0])), ['1/1', '0/1']);
    assert.deepEqual(replayed(new RingReplay(ring, 'ben', [1, 1])), []);
    assert.deepEqual(replayed(new RingReplay(ring, 'nobody', START)), []);
  });

  test('a replay goes on with what came meanwhile', () => {
    const ring = createRing();
    ring.append(testFrame(0, 0), ['ann']);
    const replay = new RingReplay(ring, 'ann', START);
    assert.equal(typeof replay.next(), 'object');
    assert.equal(replay.next(), 'caught-up');
    ring.append(testFrame(0, 1), ['ann']);
    assert.deepEqual(replayed(replay), ['0/1']);
    assert.deepEqual(replay.cursor, [2, 0]);
  });

  test('is bounded in bytes, and says from where on it has everything', () => {
    const one = testFrame(0, 0).size + 1_000;
    const ring = createRing({ maxBytes: one * 3 });
    for (let offset = 0; offset < 100; offset++) ring.append(testFrame(1, offset), ['ann']);
    assert.ok(ring.bytes <= one * 3);
    assert.ok(ring.records > 0 && ring.records < 10);
    assert.deepEqual(ring.starts, [0, 100 - ring.records]);
    assert.equal(ring.nextSequence - ring.firstSequence, ring.records);
  });

  test('counts what it holds down to nothing', () => {
    const ring = createRing();
    for (let offset = 0; offset < 20; offset++) {
      ring.append(testFrame(0, offset), ['ann', `user-${offset % 3}`]);
    }
    assert.ok(ring.bytes > 0);
    ring.restart([20, 0]);
    assert.deepEqual([ring.bytes, ring.records, ring.ageMs], [0, 0, 0]);
    assert.deepEqual(ring.starts, [20, 0]);
  });

  test('is bounded in age, also while nothing comes', async () => {
    const clock = new VirtualClock(0);
    const ring = createRing({ clock, maxAgeMs: 1_000 });
    ring.append(testFrame(0, 0, {}, 0), ['ann']);
    await clock.advance(600);
    ring.append(testFrame(0, 1, {}, 600), ['ann']);
    assert.equal(ring.ageMs, 600);
    await clock.advance(600);
    ring.expire();
    assert.deepEqual([ring.records, ring.ageMs], [1, 600]);
    assert.deepEqual(ring.starts, [1, 0]);
  });

  test('a replay whose next frame went is interrupted; other people’s frames may go', () => {
    const ring = createRing({ maxBytes: 5_000 });
    ring.append(testFrame(0, 0), ['ann']);
    ring.append(testFrame(0, 1), ['ben']);
    ring.append(testFrame(0, 2), ['ann']);
    const [early, late] = [new RingReplay(ring, 'ann', START), new RingReplay(ring, 'ann', START)];
    late.next();
    while (ring.firstSequence < 2) ring.append(testFrame(1, ring.nextSequence), ['cho']);
    assert.equal(early.next(), 'interrupted');
    assert.deepEqual(replayed(late), ['0/2']);
  });
});

describe('a redelivery', () => {
  test('reaches nobody who had the first', () => {
    const ring = createRing();
    const told = { sourceId: 'told-twice' };
    assert.deepEqual(ring.append(testFrame(0, 0, told), ['ann', 'ben']), ['ann', 'ben']);
    assert.deepEqual(ring.append(testFrame(0, 1, told), ['ann', 'ben']), []);
    assert.deepEqual(replayed(new RingReplay(ring, 'ann', START)), ['0/0']);
  });

  test('reaches those of another part of the audience', () => {
    const ring = createRing();
    const told = { sourceId: 'told-in-parts' };
    ring.append(testFrame(0, 0, told), ['ann', 'ben']);
    assert.deepEqual(ring.append(testFrame(0, 1, told), ['ben', 'cho']), ['cho']);
    assert.deepEqual(ring.append(testFrame(0, 2, told), ['ann', 'cho', 'dan']), ['dan']);
  });

  test('is known as long as the ring has the first, and no longer', () => {
    const ring = createRing({ maxBytes: 3_000 });
    const told = { sourceId: 'told-twice' };
    ring.append(testFrame(0, 0, told), ['ann']);
    while (ring.firstSequence === 0) ring.append(testFrame(1, ring.nextSequence), ['ben']);
    assert.deepEqual(ring.append(testFrame(0, 1, told), ['ann']), ['ann']);
  });

  test('is left out of a replay that told of it from the log', () => {
    const ring = createRing();
    ring.append(testFrame(0, 0, { sourceId: 'told' }), ['ann']);
    ring.append(testFrame(0, 1), ['ann']);
    assert.deepEqual(replayed(new RingReplay(ring, 'ann', START, new Set(['told']))), ['0/1']);
  });
});
