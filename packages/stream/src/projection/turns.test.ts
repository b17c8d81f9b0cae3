import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Turns } from './turns.ts';

test('turns come in the order in which they were asked for, so many at a time', () => {
  const turns = new Turns(2);
  const order: string[] = [];
  const takerOf = (name: string) => {
    const taker = {
      pump: () => {
        if (turns.take(taker)) order.push(name);
      },
    };
    return taker;
  };
  for (const name of ['a', 'b', 'c', 'd', 'e']) takerOf(name).pump();
  assert.deepEqual(order, ['a', 'b']);
  turns.giveBack();
  assert.deepEqual(order, ['a', 'b', 'c']);
  turns.giveBack();
  turns.giveBack();
  assert.deepEqual(order, ['a', 'b', 'c', 'd', 'e']);
});

test('one who has no use for a turn any more holds nobody up', () => {
  const turns = new Turns(1);
  const first = { pump: () => {} };
  let ran = false;
  const last = {
    pump: () => {
      ran = turns.take(last);
    },
  };
  assert.equal(turns.take(first), true);
  assert.equal(turns.take({ pump: () => {} }), false);
  last.pump();
  assert.equal(ran, false);
  turns.giveBack();
  assert.equal(ran, true);
});
