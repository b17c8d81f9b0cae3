import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Problem } from '@sori/http';
import { DAY, HOUR, MINUTE } from '@sori/postgres';
import { type AskedStretch, seriesOf, stretchOf, timeOf } from './stretch.ts';

const HALF_PAST = Date.UTC(2026, 0, 27, 12, 30, 30, 500);
const NOW_SECONDS = HALF_PAST / 1_000;

const stretch = (asked: AskedStretch) => {
  const { from, to, elapsedSeconds } = stretchOf(asked, HALF_PAST);
  return [timeOf(from), timeOf(to), elapsedSeconds];
};

function refusalOf(asked: AskedStretch): Problem | undefined {
  try {
    stretchOf(asked, HALF_PAST);
    return undefined;
  } catch (error) {
    return error as Problem;
  }
}

test('unless asked, an answer ends with the window that is running', () => {
  assert.deepEqual(stretch({}), [
    '2026-01-27T11:31:00.000Z',
    '2026-01-27T12:31:00.000Z',
    59 * MINUTE + 30.5,
  ]);
  assert.deepEqual(stretch({ window: '1s' }).slice(0, 2), [
    '2026-01-27T12:25:31.000Z',
    '2026-01-27T12:30:31.000Z',
  ]);
  assert.deepEqual(stretch({ window: '1d' }).slice(0, 2), [
    '2025-12-29T00:00:00.000Z',
    '2026-01-28T00:00:00.000Z',
  ]);
});

test('times are moved out to whole windows, wherever they were written', () => {
  const asked = { from: '2026-01-27T12:00:30+01:00', to: '2026-01-27T12:20:01Z' };
  assert.deepEqual(stretch(asked), [
    '2026-01-27T11:00:00.000Z',
    '2026-01-27T12:21:00.000Z',
    81 * MINUTE,
  ]);
});

test('nothing is answered for that is not kept, has not begun, or is too much', () => {
  const longAgo = '2020-01-01T00:00:00Z';
  const { from } = stretchOf({ from: longAgo }, HALF_PAST);
  assert(from >= NOW_SECONDS - 2 * DAY && from < NOW_SECONDS - 2 * DAY + MINUTE);
  const seconds = stretchOf({ window: '1s', from: longAgo }, HALF_PAST);
  assert(seconds.from >= NOW_SECONDS - HOUR);
  const hours = stretchOf({ window: '1h', from: longAgo }, HALF_PAST);
  assert.equal((hours.to - hours.from) / HOUR, 3_600);
  assert.equal(timeOf(stretchOf({ to: '2030-01-01T00:00:00Z' }, HALF_PAST).to), stretch({})[1]);
});

test('what holds nothing is refused, and so is what is no time', () => {
  const [from, to] = ['2026-01-27T12:00:00Z', '2026-01-27T11:00:00Z'];
  assert.equal(refusalOf({ from, to })?.code, 'empty-range');
  assert.equal(refusalOf({ from, to: from })?.code, 'empty-range');
  assert.equal(refusalOf({ window: '1s', to: '2026-01-26T00:00:00Z' })?.code, 'empty-range');
  const refused = refusalOf({ to: '2026-02-31T99:00:00Z' });
  assert.equal(refused?.code, 'invalid-request');
  assert.deepEqual(refused?.body()['errors'], [{ path: '/to', message: 'must be a time' }]);
});

test('a series has a value for every window', () => {
  const range = { width: MINUTE, from: 120, to: 300 } as const;
  assert.deepEqual(seriesOf(range, [[180, 7]], 0), [0, 7, 0]);
  assert.deepEqual(seriesOf(range, [], null), [null, null, null]);
});
