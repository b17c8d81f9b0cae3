import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { OutboxRow } from '@sori/postgres';
import { OpenLanes } from './open-lanes.ts';

function row(id: number, topic: string, key: string | null): OutboxRow {
  const value = Buffer.alloc(10);
  return { id: `${id}`, topic, key, eventId: `e${id}`, value, headers: [] };
}

describe('open lanes', () => {
  test('a lane has the rows of its key, and a row without a key is its own', () => {
    const lanes = new OpenLanes(10);
    const rows = [row(1, 't', 'a'), row(2, 't', null), row(3, 't', 'a'), row(4, 'u', 'a')];
    const opened = lanes.open(rows);
    assert.deepEqual(
      opened.map((lane) => [lane.name, lane.rows.map(({ id }) => id)]),
      [
        ['t/a', ['1', '3']],
        ['2', ['2']],
        ['u/a', ['4']],
      ],
    );
    assert.deepEqual(lanes.names, ['t/a', '2', 'u/a']);
    assert.equal(lanes.heldBytes, 40);
  });

  test('a lane stays open until its run is over and every outcome is saved', () => {
    const lanes = new OpenLanes(10);
    const [first, second] = [row(1, 't', 'a'), row(2, 't', 'a')];
    const [lane] = lanes.open([first, second]);
    assert.ok(lane !== undefined);
    lanes.settled(first);
    lanes.saved(first);
    assert.deepEqual(lanes.names, ['t/a']);
    lanes.settled(second);
    lanes.ended(lane);
    assert.deepEqual(lanes.names, ['t/a']);
    lanes.saved(second);
    assert.deepEqual(lanes.names, []);
    assert.equal(lanes.heldBytes, 0);
  });

  test('a lane that ends early closes with what was settled', () => {
    const lanes = new OpenLanes(10);
    const [lane] = lanes.open([row(1, 't', 'a')]);
    assert.ok(lane !== undefined);
    lanes.ended(lane);
    assert.deepEqual(lanes.names, []);
  });

  test('a topic has so many lanes and no more; the others are not touched by that', () => {
    const lanes = new OpenLanes(2);
    const rows = ['a', 'b', 'c'].map((key, n) => row(n, 't', key));
    const opened = lanes.open([...rows, row(9, 'u', 'a')]);
    assert.deepEqual(
      opened.map(({ name }) => name),
      ['t/a', 't/b', 'u/a'],
    );
    assert.deepEqual(lanes.fullTopics, ['t']);
    const [first] = opened;
    assert.ok(first !== undefined);
    lanes.ended(first);
    assert.deepEqual(lanes.fullTopics, []);
  });
});
