import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { MultipleErrors, NetworkError, ProtocolError, UserError } from '@platformatic/kafka';
import { LogError } from '@sori/stream';
import { silentLogger } from '../test-topics.ts';
import { canHeal, JoinOutage } from './join-outage.ts';

describe('joining that fails', () => {
  const tried = (error: Error) => new MultipleErrors('joinGroup failed 4 times.', [error, error]);
  const cases: readonly [string, Error, boolean][] = [
    ['because no broker is there', tried(new NetworkError('Connection to a:1 failed.')), true],
    ['because the coordinator loads', new ProtocolError('COORDINATOR_LOAD_IN_PROGRESS'), true],
    ['because the topic is not there', new UserError('Unknown topic a.'), true],
    ['because none of the topics is there', new LogError('unknown-topic', 'none'), true],
    ['because others use another assignor', new ProtocolError('INCONSISTENT_GROUP_PROTOCOL'), true],
    ['for lack of rights to the group', new ProtocolError('GROUP_AUTHORIZATION_FAILED'), false],
    ['for lack of rights to a topic', new LogError('not-authorized', 'no'), false],
    ['because of its session', tried(new ProtocolError('INVALID_SESSION_TIMEOUT')), false],
    ['because of its group id', new ProtocolError('INVALID_GROUP_ID'), false],
    ['because of an option', new UserError('/options/groupId must match pattern.'), false],
  ];
  for (const [why, error, heals] of cases) {
    test(`${why}: ${heals ? 'may heal' : 'will not heal'}`, () =>
      assert.equal(canHeal(error), heals));
  }

  test('is said once for each outage', () => {
    const lines: string[] = [];
    const note = (_fields: object, message: string): void => void lines.push(message);
    const outage = new JoinOutage({ ...silentLogger, info: note, warn: note });
    outage.over();
    for (let round = 0; round < 2; round++) {
      for (let failure = 0; failure < 3; failure++) outage.failed(new LogError('unavailable', 'x'));
      outage.over();
      outage.over();
    }
    const once = ['not in the group; joining is tried again', 'in the group again'];
    assert.deepEqual(lines, [...once, ...once]);
  });
});
