import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { DependencyUnavailable } from '@sori/stream';
import { DatabaseError } from 'pg';
import {
  endsConnection,
  isTransactionConflict,
  isUniqueViolation,
  toPostgresError,
} from './errors.ts';

function refusal(code: string, severity = 'ERROR', constraint?: string): DatabaseError {
  const error = new DatabaseError('refused', 0, 'error');
  error.code = code;
  error.severity = severity;
  error.constraint = constraint;
  return error;
}

function network(code: string): Error {
  return Object.assign(new Error(code), { code });
}

describe('errors of the server', () => {
  for (const code of ['08006', '08P01', '53300', '57P01', '57P03', '57014', '55P03', '25006']) {
    test(`${code} means that it cannot serve now`, () => {
      const cause = refusal(code);
      const error = toPostgresError(cause);
      assert.ok(error instanceof DependencyUnavailable);
      assert.equal(error.dependency, 'postgres');
      assert.equal(error.cause, cause);
    });
  }

  for (const code of ['23505', '23503', '42P01', '22P02', '40001', '40P01', '28P01', '3D000']) {
    test(`${code} stays as it is`, () => {
      const error = refusal(code);
      assert.equal(toPostgresError(error), error);
    });
  }
});

describe('errors of the connection', () => {
  const errors = [
    ...['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN'].map(network),
    ...[
      'Connection terminated unexpectedly',
      'Connection terminated due to connection timeout',
      'timeout exceeded when trying to connect',
      'Query read timeout',
      'Client has encountered a connection error and is not queryable',
      'Cannot use a pool after calling end on the pool',
    ].map((message) => new Error(message)),
  ];
  for (const cause of errors) {
    test(`${cause.message} means that the server is away`, () => {
      const error = toPostgresError(cause);
      assert.ok(error instanceof DependencyUnavailable);
      assert.ok(endsConnection(error));
    });
  }

  test("an error of the program's own stays as it is", () => {
    const error = new TypeError('x is not a function');
    assert.equal(toPostgresError(error), error);
  });
});

test('only what ends the connection ends it', () => {
  assert.equal(endsConnection(toPostgresError(refusal('57P01', 'FATAL'))), true);
  assert.equal(endsConnection(toPostgresError(refusal('57014', 'ERROR'))), false);
  assert.equal(endsConnection(refusal('23505')), false);
});

test('unique violations are told apart by their constraint', () => {
  const error = refusal('23505', 'ERROR', 'users_handle');
  assert.ok(isUniqueViolation(error));
  assert.ok(isUniqueViolation(error, 'users_handle'));
  assert.ok(!isUniqueViolation(error, 'users_pkey'));
  assert.ok(!isUniqueViolation(refusal('23503')));
  assert.ok(!isUniqueViolation(new Error('23505')));
});

test('deadlocks and serialization failures are conflicts, nothing else is', () => {
  assert.ok(isTransactionConflict(refusal('40001')));
  assert.ok(isTransactionConflict(refusal('40P01')));
  assert.ok(!isTransactionConflict(refusal('23505')));
  assert.ok(!isTransactionConflict(network('ECONNRESET')));
});
