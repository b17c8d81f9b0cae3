import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FastifyRequest } from 'fastify';
import { deviceOf } from './device.ts';

const seen = (device: unknown, agent?: string): string =>
  deviceOf({ query: { device }, headers: { 'user-agent': agent } } as unknown as FastifyRequest);

test('a device is what it calls itself, within bounds, else what it looks like', () => {
  assert.equal(seen('smart-watch'), 'smart-watch');
  assert.equal(seen('x'.repeat(33)), 'other');
  assert.equal(seen(['a', 'b'], 'Mozilla/5.0 (X11; Linux x86_64)'), 'desktop');
  assert.equal(seen('<b>', 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0)'), 'mobile');
  assert.equal(seen(undefined, 'curl/8'), 'other');
  assert.equal(seen(undefined), 'other');
});
