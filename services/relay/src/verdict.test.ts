import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DefinitionError } from '@sori/contract';
import {
  DeliveryFailed,
  DeliveryUnknown,
  LogError,
  type LogErrorReason,
  PublisherOverloaded,
  RecordTooLarge,
  StreamClosed,
} from '@sori/stream';
import { type Verdict, verdictOn } from './verdict.ts';

function refused(reason: LogErrorReason): DeliveryFailed {
  return new DeliveryFailed('id', 'no', false, { cause: new LogError(reason, 'no') });
}

const verdicts: readonly (readonly [name: string, error: unknown, verdict: Verdict])[] = [
  ['a record over its topic’s limit', new RecordTooLarge('t', 2, 1), 'park'],
  ['a record over the broker’s limit', refused('record-too-large'), 'park'],
  ['a batch that the broker refuses', refused('rejected'), 'refused'],
  ['a topic that is missing', refused('unknown-topic'), 'retry'],
  ['a topic that may not be written', refused('not-authorized'), 'retry'],
  ['brokers that are away', new DeliveryFailed('id', 'late', true), 'retry'],
  ['an unknown outcome', new DeliveryUnknown('id'), 'retry'],
  ['a full publisher', new PublisherOverloaded('full'), 'retry'],
  ['a topic that this relay does not know yet', new DefinitionError('none'), 'retry'],
  ['a closed publisher', new StreamClosed('closed'), 'retry'],
  ['anything else', new TypeError('x'), 'retry'],
];

for (const [name, error, verdict] of verdicts) {
  test(`${name}: ${verdict}`, () => assert.equal(verdictOn(error), verdict));
}
