import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DefinitionError, InvalidEventData } from '@sori/contract';
import {
  DeliveryFailed,
  DeliveryUnknown,
  DependencyUnavailable,
  LogError,
  PublisherOverloaded,
  RecordTooLarge,
  StreamClosed,
} from '@sori/stream';
import { Problem } from './problem.ts';
import { toProblem } from './to-problem.ts';

test('what goes wrong in the stream is told with what the client can do about it', () => {
  const cases: readonly (readonly [Error, number, string, number | undefined])[] = [
    [new PublisherOverloaded('full'), 503, 'overloaded', 1],
    [new DeliveryUnknown('e1'), 503, 'outcome-unknown', 1],
    [new DeliveryFailed('e1', 'no leader', true), 503, 'not-stored', 1],
    [new DeliveryFailed('e1', 'refused', false), 400, 'event-refused', undefined],
    [
      new DeliveryFailed('e1', 'refused', false, { cause: new LogError('unknown-topic', 'none') }),
      503,
      'not-stored',
      1,
    ],
    [new RecordTooLarge('message.events', 2_000, 1_000), 413, 'event-too-large', undefined],
    [new StreamClosed('closed'), 503, 'shutting-down', 1],
    [new DependencyUnavailable('postgres'), 503, 'dependency-unavailable', 1],
    [new LogError('unavailable', 'no broker'), 503, 'dependency-unavailable', 1],
    [new LogError('not-authorized', 'no'), 500, 'internal', undefined],
    [new InvalidEventData('message.chat.sent', []), 400, 'invalid-request', undefined],
    [new DefinitionError('no such topic'), 500, 'internal', undefined],
    [new Error('boom'), 500, 'internal', undefined],
  ];
  for (const [error, status, code, retryAfterSeconds] of cases) {
    const problem = toProblem(error);
    assert.deepEqual(
      [problem.status, problem.code, problem.retryAfterSeconds, problem.retryable],
      [status, code, retryAfterSeconds, retryAfterSeconds !== undefined],
    );
    assert.equal(problem.cause, error);
  }
});

test('an uncertain event is named, so that it can be sent again with the same id', () => {
  assert.equal(toProblem(new DeliveryUnknown('e1')).body().eventId, 'e1');
});

test('of an unknown error nothing is told', () => {
  for (const error of [new Error('password=hunter2'), 'hunter2', undefined, { status: 404 }]) {
    assert.deepEqual(toProblem(error).body(), {
      type: 'urn:sori:problem:internal',
      title: 'Internal Server Error',
      status: 500,
      code: 'internal',
    });
  }
});

test("a plugin's refusal keeps its status, not its words", () => {
  const refusal = (statusCode: number): Error =>
    Object.assign(new Error('hunter2'), { statusCode });
  assert.equal(toProblem(refusal(429)).code, 'rate-limited');
  assert.equal(toProblem(refusal(418)).code, 'bad-request');
  assert.equal(toProblem(refusal(418)).status, 418);
  assert.equal(toProblem(refusal(429)).body().detail, undefined);
  assert.equal(toProblem(refusal(502)).code, 'internal');
});

test('a problem stays what it is, and further members cannot replace the standard ones', () => {
  const problem = new Problem(409, 'taken', 'the handle is taken', {
    extra: { status: 200, code: 'fine', handle: 'ann' },
  });
  assert.equal(toProblem(problem), problem);
  assert.deepEqual(problem.body(), {
    handle: 'ann',
    type: 'urn:sori:problem:taken',
    title: 'Conflict',
    status: 409,
    code: 'taken',
    detail: 'the handle is taken',
  });
});
