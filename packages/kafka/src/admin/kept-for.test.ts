import assert from 'node:assert/strict';
import { test } from 'node:test';
import { catalog } from '@sori/chat-events';
import { keptForMs } from './kept-for.ts';
import { topicSettings } from './topic-settings.ts';

const DAY_MS = 86_400_000;

function settingsOf(values: Iterable<readonly [string, string]>) {
  return new Map(
    Array.from(values, ([name, value]) => [name, { value, overridden: true, inherited: null }]),
  );
}

const DELETE = ['cleanup.policy', 'delete'] as const;

test('by time, and with a definition by size at the expected load too', () => {
  const topic = catalog.topic('message.events');
  const settings = settingsOf(topicSettings(topic));
  assert.equal(keptForMs(settings), 7 * DAY_MS);
  // 10 GiB at a tenth of 1 MB a second.
  const bySize = (10_737_418_240 / 100_000) * 1_000;
  assert.equal(keptForMs(settings, topic), bySize);
  const shorter = settingsOf([...topicSettings(topic), ['retention.ms', '60000']]);
  assert.equal(keptForMs(shorter, topic), 60_000, 'what the cluster says counts');
});

test('without an end where there is no limit, or nothing is deleted', () => {
  const unlimited = [
    ['retention.ms', '-1'],
    ['retention.bytes', '-1'],
  ] as const;
  const topic = catalog.topic('user.events');
  assert.equal(keptForMs(settingsOf([DELETE, ...unlimited])), undefined);
  assert.equal(keptForMs(settingsOf([DELETE, ...unlimited]), topic), undefined);
  const limit = ['retention.ms', '1000'] as const;
  assert.equal(keptForMs(settingsOf([['cleanup.policy', 'compact'], limit])), undefined);
  assert.equal(keptForMs(settingsOf([['cleanup.policy', 'compact,delete'], limit])), 1_000);
});
