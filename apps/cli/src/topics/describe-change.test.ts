import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import type { TopicChange } from '@sori/kafka';
import { describeChange } from './describe-change.ts';

const said = (change: TopicChange): readonly string[] =>
  describeChange(change).map(stripVTControlCharacters);

test('growth of a topic with keys says how many keys move', () => {
  assert.deepEqual(
    said({
      kind: 'partitions',
      topic: 'message.events',
      from: 10,
      to: 12,
      movedKeys: 10 / 12,
      class: 'breaks-ordering',
      reason: 'their records are on two partitions',
    }),
    [
      'message.events',
      'partitions: 10 → 12',
      'breaks ordering',
      '83.3% of the keys move: their records are on two partitions',
    ],
  );
});

test('a setting that is taken away, and replicas that differ', () => {
  const base = { topic: 'a', class: 'safe', reason: '' } as const;
  const setting = said({ ...base, kind: 'setting', setting: 'flush.ms', from: '1', to: null });
  assert.equal(setting[1], "flush.ms: 1 → the brokers' default");
  const from = { fewest: 1, most: 2 };
  assert.equal(
    said({ ...base, kind: 'replication-factor', from, to: 3 })[1],
    'replicas: 1 to 2 → 3',
  );
});
