import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createTestDatabase, until } from '@sori/postgres/testing';
import { main } from './main.ts';

describe('the relay as a process', () => {
  test('names everything that is wrong with its environment', async () => {
    await assert.rejects(main({ DATABASE_URL: 'mysql://db', SORI_HEALTH_PORT: 'x' }), (error) => {
      assert.ok(error instanceof Error);
      assert.equal('code' in error && error.code, 'CONFIG_INVALID');
      for (const name of ['KAFKA_BROKERS', 'DATABASE_URL', 'SORI_HEALTH_PORT']) {
        assert.ok(error.message.includes(name), name);
      }
      return true;
    });
  });

  test('lives, says why it is not ready, and ends, though no broker answers', async () => {
    await using database = await createTestDatabase();
    const service = await main({
      KAFKA_BROKERS: '127.0.0.1:1',
      DATABASE_URL: database.url,
      SORI_LOG_LEVEL: 'silent',
    });
    const get = (path: string) => fetch(`${service.url}${path}`);
    try {
      assert.equal((await get('/healthz')).status, 200);
      const ready = await get('/readyz');
      assert.equal(ready.status, 503);
      assert.match(await ready.text(), /"name":"relay","problem":"no way to the log \(\w+\)"/);
      await until('the backlog is reported', async () =>
        /^sori_outbox_backlog_rows\{service="relay"\} 0$/m.test(
          await (await get('/metrics')).text(),
        ),
      );
    } finally {
      await service[Symbol.asyncDispose]();
    }
  });
});
