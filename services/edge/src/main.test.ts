import assert from 'node:assert/strict';
import { test } from 'node:test';
import { main } from './main.ts';

test('every problem of the environment is told at once', async () => {
  const environment = { SORI_EDGE_PORT: 'eighty', SORI_JWT_SECRET: 'short' };
  await assert.rejects(main(environment), (error: Error & { code?: string }) => {
    assert.equal(error.code, 'CONFIG_INVALID');
    for (const name of ['KAFKA_BROKERS', 'DATABASE_URL', 'SORI_EDGE_PORT', 'SORI_JWT_SECRET']) {
      assert.match(error.message, new RegExp(name));
    }
    assert.doesNotMatch(error.message, /short/);
    return true;
  });
});
