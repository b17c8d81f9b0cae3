import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  DeliveryFailed,
  DeliveryUnknown,
  DependencyUnavailable,
  LogError,
  PublisherOverloaded,
  RecordTooLarge,
  StreamClosed,
} from '../errors.ts';
import { classifyFailure, type FailureKind } from './failure.ts';

const CASES: readonly (readonly [unknown, FailureKind])[] = [
  [new DependencyUnavailable('postgres'), 'dependency'],
  [new PublisherOverloaded('full'), 'dependency'],
  [new DeliveryUnknown('id'), 'dependency'],
  [new DeliveryFailed('id', 'away', true), 'dependency'],
  [new DeliveryFailed('id', 'refused', false), 'permanent'],
  [new LogError('unavailable', 'away'), 'dependency'],
  [new LogError('not-authorized', 'no'), 'permanent'],
  [new StreamClosed('closed'), 'dependency'],
  [new RecordTooLarge('note.events', 2, 1), 'permanent'],
  [Object.assign(new Error('no'), { retryable: false }), 'permanent'],
  [Object.assign(new Error('again'), { retryable: true }), 'transient'],
  [new Error('something'), 'transient'],
  ['a string', 'transient'],
  [undefined, 'transient'],
];

for (const [error, kind] of CASES) {
  const name = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  test(`${name} is ${kind}`, () => assert.equal(classifyFailure(error), kind));
}
