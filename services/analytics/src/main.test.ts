import assert from 'node:assert/strict';
import { test } from 'node:test';
import { main } from './main.ts';

test('everything that is wrong with the environment is said at once', async () => {
  const environment = {
    KAFKA_BROKERS: 'nowhere',
    DATABASE_URL: 'mysql://a',
    SORI_LOG_LEVEL: 'loud',
  };
  await assert.rejects(main(environment), (error: Error & { readonly code?: string }) => {
    assert.equal(error.code, 'CONFIG_INVALID');
    for (const name of Object.keys(environment)) assert(error.message.includes(name), name);
    return true;
  });
});
