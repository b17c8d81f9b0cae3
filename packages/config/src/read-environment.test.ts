import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { ConfigurationError } from './errors.ts';
import { exactlyOne } from './exactly-one.ts';
import { readEnvironment } from './read-environment.ts';
import {
  brokerList,
  choice,
  flag,
  list,
  optional,
  port,
  secretText,
  text,
  urlOf,
} from './variables.ts';

const SECRET = 'correct-horse-battery-staple-4711';

const FIELDS = {
  brokers: brokerList('KAFKA_BROKERS'),
  databaseUrl: urlOf('DATABASE_URL', ['postgres:', 'postgresql:']),
  secret: secretText('SORI_JWT_SECRET', { minLength: 32 }),
  port: port('SORI_GATEWAY_PORT', 8080),
  host: text('SORI_GATEWAY_HOST', '127.0.0.1'),
  development: flag('SORI_DEVELOPMENT'),
  webRoot: optional(text('SORI_WEB_ROOT')),
  origins: list('SORI_EDGE_ORIGINS', []),
  level: choice('SORI_LOG_LEVEL', ['debug', 'info'], 'info'),
};

function problemsOf(run: () => unknown): ConfigurationError {
  try {
    run();
  } catch (error) {
    assert(error instanceof ConfigurationError);
    return error;
  }
  return assert.fail('the environment was taken');
}

test('reads every kind of variable, and takes defaults for what is not set', () => {
  const config = readEnvironment(
    {
      KAFKA_BROKERS: 'kafka-1:9092, kafka-2:9092,[::1]:9093',
      DATABASE_URL: 'postgres://sori:pw@127.0.0.1:5432/sori',
      SORI_JWT_SECRET: SECRET,
      SORI_DEVELOPMENT: '1',
      SORI_EDGE_ORIGINS: 'https://a.example , https://b.example',
      SORI_GATEWAY_HOST: '',
    },
    FIELDS,
  );
  const port: number = config.port;
  const webRoot: string | undefined = config.webRoot;
  assert.deepEqual(
    { ...config },
    {
      brokers: ['kafka-1:9092', 'kafka-2:9092', '[::1]:9093'],
      databaseUrl: 'postgres://sori:pw@127.0.0.1:5432/sori',
      secret: SECRET,
      port,
      host: '127.0.0.1',
      development: true,
      webRoot,
      origins: ['https://a.example', 'https://b.example'],
      level: 'info',
    },
  );
  assert.equal(port, 8080);
  assert.equal(webRoot, undefined);
  assert(Object.isFrozen(config));
});

test('reports every problem together, one line for each variable', () => {
  const error = problemsOf(() =>
    readEnvironment(
      {
        KAFKA_BROKERS: 'kafka-1:9092,kafka-2',
        DATABASE_URL: 'mysql://root:hunter2@db/sori',
        SORI_GATEWAY_PORT: '70000',
        SORI_GATEWAY_HOST: '  ',
        SORI_DEVELOPMENT: 'yes',
        SORI_EDGE_ORIGINS: 'https://a.example,,',
        SORI_LOG_LEVEL: 'loud',
      },
      FIELDS,
    ),
  );
  assert.equal(error.code, 'CONFIG_INVALID');
  assert.equal(error.retryable, false);
  assert.equal(
    error.message,
    [
      'the environment is not usable',
      '  KAFKA_BROKERS: found "kafka-2", expected a list of host:port with commas between its entries',
      '  DATABASE_URL: found a URL that starts with "mysql:", expected a URL, postgres://… or postgresql://…',
      '  SORI_JWT_SECRET: found nothing, expected a secret of at least 32 characters',
      '  SORI_GATEWAY_PORT: found "70000", expected a port, 0 to 65535',
      '  SORI_GATEWAY_HOST: found blanks, expected text',
      '  SORI_DEVELOPMENT: found "yes", expected 1, true, 0 or false',
      '  SORI_EDGE_ORIGINS: found a list with an empty entry, expected a list with commas between its entries',
      '  SORI_LOG_LEVEL: found "loud", expected one of debug, info',
    ].join('\n'),
  );
});

test('no message repeats a secret, or any part of a URL but its protocol', () => {
  const secrets = fc.string({ maxLength: 20 }).map((middle) => `zq7${middle.trim()}9qz`);
  fc.assert(
    fc.property(secrets, (secret) => {
      const error = problemsOf(() =>
        readEnvironment(
          {
            KAFKA_BROKERS: `user:${secret}@kafka:9092`,
            DATABASE_URL: `mysql://root:${secret}@db/sori`,
            SORI_JWT_SECRET: secret,
          },
          FIELDS,
        ),
      );
      const shown = `${error.message} ${JSON.stringify(error.problems)}`;
      assert.equal(error.problems.length, 3);
      assert(!shown.includes('zq7') && !shown.includes('9qz'), shown);
    }),
  );
});

test('a port is a whole number from 0 to 65535, in digits', () => {
  const read = (given: string): number => readEnvironment({ P: given }, { p: port('P') }).p;
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 65_535 }), (number) => {
      assert.equal(read(String(number)), number);
    }),
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.integer({ min: 65_536 }).map(String),
        fc.integer({ max: -1 }).map(String),
        fc.constantFrom('80.5', '0x50', '1e3', 'http', '٨٠', '80 81'),
      ),
      (given) => {
        const [problem] = problemsOf(() => read(given)).problems;
        assert.equal(problem?.variable, 'P');
      },
    ),
  );
});

test('brokers that a client could not connect to are refused', () => {
  for (const broker of ['kafka', 'kafka:0', 'kafka:65536', ':9092', 'kafka:9092/x', 'a b:9092']) {
    const { problems } = problemsOf(() =>
      readEnvironment({ B: `good:9092,${broker}` }, { brokers: brokerList('B') }),
    );
    assert.deepEqual(
      problems.map(({ found }) => found),
      [JSON.stringify(broker)],
    );
  }
});

test('a long wrong value is cut, so that a message stays a line', () => {
  const error = problemsOf(() => readEnvironment({ P: '9'.repeat(5_000) }, { p: port('P') }));
  assert(error.message.length < 250, error.message);
});

test('a variable may be in a file, which its line break does not belong to', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sori-config-'));
  try {
    const file = join(folder, 'secret');
    writeFileSync(file, `${SECRET} \n`);
    const fields = { secret: secretText('S', { minLength: 32 }) };
    assert.equal(readEnvironment({ S_FILE: file }, fields).secret, `${SECRET} `);

    const both = problemsOf(() => readEnvironment({ S: SECRET, S_FILE: file }, fields));
    assert.deepEqual(both.problems, [
      { variable: 'S_FILE', found: 'both S and S_FILE', expected: 'either S or S_FILE' },
    ]);

    const missing = problemsOf(() => readEnvironment({ S_FILE: join(folder, 'none') }, fields));
    assert.deepEqual(missing.problems, [
      {
        variable: 'S_FILE',
        found: 'a file that cannot be read (ENOENT)',
        expected: 'the path of a readable file',
      },
    ]);

    writeFileSync(file, 'short');
    const short = problemsOf(() => readEnvironment({ S_FILE: file }, fields));
    assert.equal(short.problems[0]?.variable, 'S_FILE');
    assert.equal(short.problems[0]?.found, 'text of 5 characters');

    writeFileSync(file, '\n');
    const empty = problemsOf(() => readEnvironment({ S_FILE: file }, fields));
    assert.equal(empty.problems[0]?.found, 'nothing');
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('exactly one of several variables must be set', () => {
  const fields = {
    identity: exactlyOne({
      secret: secretText('SORI_JWT_SECRET', { minLength: 32 }),
      jwksUrl: urlOf('SORI_JWKS_URL', ['https:']),
    }),
  };
  const bySecret = readEnvironment({ SORI_JWT_SECRET: SECRET }, fields);
  assert.deepEqual(bySecret.identity, { secret: SECRET });
  const byUrl = readEnvironment({ SORI_JWKS_URL: 'https://id.example/keys' }, fields);
  assert.deepEqual(byUrl.identity, { jwksUrl: 'https://id.example/keys' });

  const none = problemsOf(() => readEnvironment({}, fields));
  assert.deepEqual(none.problems, [
    {
      variable: 'SORI_JWT_SECRET, SORI_JWKS_URL',
      found: 'none',
      expected: 'exactly one of them',
    },
  ]);
  const both = problemsOf(() =>
    readEnvironment({ SORI_JWT_SECRET: SECRET, SORI_JWKS_URL: 'https://id.example' }, fields),
  );
  assert.equal(both.problems[0]?.found, 'SORI_JWT_SECRET and SORI_JWKS_URL');
  const wrong = problemsOf(() => readEnvironment({ SORI_JWKS_URL: 'http://id.example' }, fields));
  assert.equal(wrong.problems[0]?.variable, 'SORI_JWKS_URL');
});
