import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { KeyLanes, type Lane, type LaneItem } from './key-lanes.ts';

class Item implements LaneItem {
  nextInLane: LaneItem | undefined = undefined;
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

function takeAll(lanes: KeyLanes<Item>): Lane<Item>[] {
  const taken = [];
  for (let lane = lanes.take(); lane !== undefined; lane = lanes.take()) taken.push(lane);
  return taken;
}

const namesOf = (taken: readonly Lane<Item>[]): readonly string[] =>
  taken.map(({ head }) => head.name);

test('one key is serial, keys are concurrent, no key is free', () => {
  const lanes = new KeyLanes<Item>(10);
  for (const [key, name] of [
    ['a', 'a1'],
    ['a', 'a2'],
    ['b', 'b1'],
    [undefined, 'x'],
    [undefined, 'y'],
  ] as const) {
    lanes.push(key, new Item(name));
  }
  const taken = takeAll(lanes);
  assert.deepEqual(namesOf(taken), ['a1', 'b1', 'x', 'y']);
  assert.equal(lanes.running, 4);
  for (const lane of taken) lanes.advance(lane);
  assert.deepEqual(namesOf(takeAll(lanes)), ['a2']);
});

test('no more than the concurrency run; lanes take turns', () => {
  const lanes = new KeyLanes<Item>(1);
  for (const name of ['a1', 'a2']) lanes.push('a', new Item(name));
  lanes.push('b', new Item('b1'));
  const order = [];
  for (let lane = lanes.take(); lane !== undefined; lane = lanes.take()) {
    assert.equal(lanes.take(), undefined);
    order.push(lane.head.name);
    lanes.advance(lane);
  }
  assert.deepEqual(order, ['a1', 'b1', 'a2']);
  assert.equal(lanes.keys, 0);
});

test('a parked lane holds no place, and its later items wait with it', () => {
  const lanes = new KeyLanes<Item>(1);
  for (const name of ['a1', 'a2']) lanes.push('a', new Item(name));
  lanes.push('b', new Item('b1'));
  const [a] = takeAll(lanes);
  assert.ok(a !== undefined);
  lanes.park(a);
  const [b] = takeAll(lanes);
  assert.equal(b?.head.name, 'b1');
  lanes.wake(a);
  assert.throws(() => lanes.wake(a));
  lanes.advance(b);
  assert.deepEqual(namesOf(takeAll(lanes)), ['a1']);
});

test('an item runs again before all others, or at its next turn', () => {
  const lanes = new KeyLanes<Item>(1);
  for (const name of ['a', 'b', 'c']) lanes.push(name, new Item(name));
  const [a] = takeAll(lanes);
  assert.ok(a !== undefined);
  lanes.again(a, 'first');
  assert.deepEqual(namesOf(takeAll(lanes)), ['a']);
  lanes.again(a, 'next');
  const [b] = takeAll(lanes);
  assert.equal(b?.head.name, 'b');
  assert.throws(() => lanes.park(a));
});

test('whatever happens, each key is served in order, one at a time, and nothing is forgotten', () => {
  const action = fc.oneof(
    fc.record({ do: fc.constant('push'), key: fc.constantFrom('a', 'b', 'c', undefined) }),
    fc.record({
      do: fc.constantFrom('take', 'advance', 'first', 'next', 'park', 'wake'),
      pick: fc.nat(),
    }),
  );
  fc.assert(
    fc.property(
      fc.array(action, { maxLength: 200 }),
      fc.integer({ min: 1, max: 4 }),
      (actions, n) => {
        const lanes = new KeyLanes<Item>(n);
        const running: Lane<Item>[] = [];
        const parked: Lane<Item>[] = [];
        const served: { key: string | undefined; name: string }[] = [];
        const pushed: { key: string | undefined; name: string }[] = [];
        const take = (): void => {
          const lane = lanes.take();
          if (lane !== undefined) running.push(lane);
        };
        const advance = (lane: Lane<Item>): void => {
          served.push({ key: lane.key, name: lane.head.name });
          lanes.advance(lane);
        };
        const pull = (from: Lane<Item>[], pick: number): Lane<Item> | undefined =>
          from.splice(from.length === 0 ? 0 : pick % from.length, 1)[0];
        for (const step of actions) {
          if ('key' in step) {
            pushed.push({ key: step.key, name: `${pushed.length}` });
            lanes.push(step.key, new Item(`${pushed.length - 1}`));
          } else if (step.do === 'take') {
            take();
          } else if (step.do === 'wake') {
            const lane = pull(parked, step.pick);
            if (lane !== undefined) lanes.wake(lane);
          } else {
            const lane = pull(running, step.pick);
            if (lane === undefined) continue;
            if (step.do === 'advance') advance(lane);
            else if (step.do === 'park') {
              lanes.park(lane);
              parked.push(lane);
            } else lanes.again(lane, step.do === 'first' ? 'first' : 'next');
          }
          assert.equal(lanes.running, running.length);
          assert.ok(running.length <= n);
          const keys = running.flatMap(({ key }) => (key === undefined ? [] : [key]));
          assert.equal(new Set(keys).size, keys.length);
        }
        for (const lane of parked) lanes.wake(lane);
        for (const lane of running.splice(0)) advance(lane);
        for (take(); running.length > 0; take()) advance(running.pop() as Lane<Item>);
        assert.equal(served.length, pushed.length);
        for (const key of ['a', 'b', 'c']) {
          assert.deepEqual(
            served.filter((one) => one.key === key),
            pushed.filter((one) => one.key === key),
          );
        }
      },
    ),
  );
});
