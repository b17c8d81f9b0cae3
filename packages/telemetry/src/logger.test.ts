import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLogger } from './logger.ts';

type Line = Record<string, unknown>;

/** Everything that `write` logs, parsed. */
function linesOf(
  write: (logger: ReturnType<typeof createLogger>) => void,
  level: 'debug' | 'info' = 'info',
): readonly Line[] {
  const lines: Line[] = [];
  const destination = { write: (line: string) => lines.push(JSON.parse(line) as Line) };
  write(createLogger({ service: 'gateway', level, destination }));
  return lines;
}

test('a line is one JSON object with its time, level, service, message and fields', () => {
  const [line] = linesOf((logger) => logger.child({ group: 'g' }).warn({ lag: 4 }, 'lag grows'));
  assert(line !== undefined);
  assert.match(String(line['time']), /^\d{4}-\d\d-\d\dT.*Z$/);
  const { time, ...rest } = line;
  assert.equal(typeof time, 'string');
  assert.deepEqual(rest, {
    level: 'warn',
    service: 'gateway',
    group: 'g',
    lag: 4,
    msg: 'lag grows',
  });
});

test('an error is written with its code and its cause', () => {
  const cause = Object.assign(new Error('refused'), { code: 'ECONNREFUSED' });
  const err = Object.assign(new Error('away', { cause }), { code: 'GONE' });
  const [line] = linesOf((logger) => logger.error({ err }, 'failed'));
  const written = line?.['err'] as Line;
  assert.equal(written['code'], 'GONE');
  assert.match(String(written['stack']), /refused/);
});

test('lines below the level are not written', () => {
  const write = (logger: ReturnType<typeof createLogger>): void => logger.debug({}, 'detail');
  assert.equal(linesOf(write).length, 0);
  assert.equal(linesOf(write, 'debug').length, 1);
});

test('secrets are left out wherever such fields stand, in child fields too', () => {
  const secret = 'zq7-very-secret';
  const headers = { authorization: secret, cookie: secret, 'set-cookie': [secret] };
  const lines = linesOf((logger) => {
    logger.info({ token: secret, password: secret }, 'flat');
    logger.info({ headers }, 'in headers');
    logger.info({ request: { headers } }, 'deeper');
    logger.info({ call: { request: { headers } } }, 'deeper still');
    logger.child({ secret }).info({}, 'of a child');
  });
  assert.equal(lines.length, 5);
  for (const line of lines) {
    const text = JSON.stringify(line);
    assert(!text.includes(secret), text);
    assert(text.includes('[redacted]'), text);
  }
});
