import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Fifo } from './fifo.ts';

test('it does what an array does', () => {
  const steps = fc.array(fc.option(fc.integer()), { size: 'max', maxLength: 1_000 });
  fc.assert(
    fc.property(steps, (values) => {
      const fifo = new Fifo<number>();
      const array: number[] = [];
      for (const value of values) {
        if (value === null) {
          assert.equal(fifo.shift(), array.shift());
        } else {
          fifo.push(value);
          array.push(value);
        }
        assert.equal(fifo.length, array.length);
        assert.equal(fifo.at(0), array[0]);
        assert.equal(fifo.at(array.length - 1), array.at(-1));
      }
    }),
  );
});
