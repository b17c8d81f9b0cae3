import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  AuthenticationError,
  MultipleErrors,
  NetworkError,
  ProtocolError,
  ResponseError,
  TimeoutError,
  UserError,
} from '@platformatic/kafka';
import type { LogError } from '@sori/stream';
import { hasApiId, isUnknownTopic, toAppendError, toLogError } from './errors.ts';

const PRODUCE_API = 0;

const refused = () => new NetworkError('Connection to 127.0.0.1:9 failed.');
const timedOut = () => new TimeoutError('Request timed out', { canRetry: true });
const poolClosed = () => new NetworkError('Connection pool is closed.', { closed: true });

function answered(...apiIds: string[]): Error {
  const errors = apiIds.map((apiId, index) => [
    `/responses/0/partition_responses/${index}`,
    [new ProtocolError(apiId)['apiCode'], null],
  ]);
  return new ResponseError(PRODUCE_API, 11, Object.fromEntries(errors), {});
}

function afterTries(...tries: Error[]): Error {
  const retried = new MultipleErrors(`produce failed ${tries.length} times.`, tries);
  return new MultipleErrors('Producing messages failed.', [retried]);
}

describe('the reason of a failed call', () => {
  const cases: readonly [string, Error, LogError['reason']][] = [
    ['a broker that refuses connections', refused(), 'unavailable'],
    ['a request without an answer', timedOut(), 'timed-out'],
    ['a broker that timed out replicating', answered('REQUEST_TIMED_OUT'), 'timed-out'],
    ['a topic the client does not find', new UserError('Unknown topic nowhere.'), 'unknown-topic'],
    ['a topic id that is gone', answered('UNKNOWN_TOPIC_ID'), 'unknown-topic'],
    ['a batch over the limit', answered('MESSAGE_TOO_LARGE'), 'record-too-large'],
    ['no right to the topic', answered('TOPIC_AUTHORIZATION_FAILED'), 'not-authorized'],
    ['a wrong password', new AuthenticationError('SASL authentication failed.'), 'not-authorized'],
    ['a member of an old generation', answered('ILLEGAL_GENERATION'), 'fenced'],
    [
      'a broker not in the metadata',
      new UserError('Cannot find broker with node id 4'),
      'unavailable',
    ],
    [
      'a misspelt option',
      new UserError('/options must NOT have additional properties.'),
      'rejected',
    ],
    ['an error of another kind', new RangeError('out of bounds'), 'rejected'],
  ];
  for (const [name, error, reason] of cases) {
    test(name, () => assert.equal(toLogError(error, 'doing').reason, reason));
  }

  test('a wrong password found while connecting', () => {
    const cause = new AuthenticationError('SASL authentication failed.');
    const error = new NetworkError('Connection to a:1 failed.', { cause });
    assert.equal(toLogError(error, 'doing').reason, 'not-authorized');
  });

  test('of several tries the last decides', () => {
    const error = afterTries(answered('UNKNOWN_TOPIC_OR_PARTITION'), refused());
    assert.equal(toLogError(error, 'doing').reason, 'unavailable');
  });

  test('our own close, which ends the tries, does not', () => {
    const error = afterTries(timedOut(), poolClosed());
    assert.equal(toLogError(error, 'doing').reason, 'timed-out');
  });

  test('of several partitions the one that trying again cannot help decides', () => {
    const error = answered('MESSAGE_TOO_LARGE', 'NOT_LEADER_OR_FOLLOWER');
    assert.equal(toLogError(error, 'doing').reason, 'record-too-large');
  });

  test('the cause and the last message are kept', () => {
    const error = afterTries(refused());
    const mapped = toLogError(error, 'doing');
    assert.equal(mapped.cause, error);
    assert.equal(mapped.message, 'doing: Connection to 127.0.0.1:9 failed.');
    assert.equal(toLogError(mapped, 'more'), mapped);
  });
});

describe('whether a failed append stored its records', () => {
  const cases: readonly [string, Error, LogError['outcome']][] = [
    ['no broker could be reached', afterTries(refused(), refused()), 'not-stored'],
    ['the broker refused the batch', answered('MESSAGE_TOO_LARGE'), 'not-stored'],
    ['too few replicas, before the append', answered('NOT_ENOUGH_REPLICAS'), 'not-stored'],
    ['the topic is unknown', new UserError('Unknown topic nowhere.'), 'not-stored'],
    ['too few replicas, after it', answered('NOT_ENOUGH_REPLICAS_AFTER_APPEND'), 'unknown'],
    ['no answer', timedOut(), 'unknown'],
    ['the connection closed on the request', new NetworkError('Connection closed'), 'unknown'],
    ['the leader moved away', answered('NOT_LEADER_OR_FOLLOWER'), 'unknown'],
    ['the partition went away', answered('UNKNOWN_TOPIC_OR_PARTITION'), 'unknown'],
    ['an error of another kind', new TypeError('undefined'), 'unknown'],
    ['one early try had no answer', afterTries(timedOut(), refused(), refused()), 'unknown'],
    ['closed by us while no broker was there', afterTries(refused(), poolClosed()), 'not-stored'],
    ['closed by us after an unanswered try', afterTries(timedOut(), poolClosed()), 'unknown'],
  ];
  for (const [name, error, outcome] of cases) {
    test(name, () => assert.equal(toAppendError(error, 'appending').outcome, outcome));
  }

  test('any other call stores nothing', () => {
    assert.equal(toLogError(timedOut(), 'doing').outcome, 'not-stored');
  });
});

test('an unknown topic is recognised, and an API error anywhere in the tree', () => {
  assert.equal(isUnknownTopic(new UserError('Unknown topic a.')), true);
  assert.equal(isUnknownTopic(refused()), false);
  const fenced = new Set(['INVALID_FETCH_SESSION_EPOCH']);
  assert.equal(hasApiId(afterTries(answered('INVALID_FETCH_SESSION_EPOCH')), fenced), true);
  assert.equal(hasApiId(afterTries(answered('UNKNOWN_TOPIC_ID')), fenced), false);
});
