import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import { type Compose, dependenciesOf, parseCompose, readCompose } from './compose.ts';
import { composeOf } from './forms.ts';
import { interpolate, variablesOf } from './interpolate.ts';

const DEPLOY = join(import.meta.dirname, '../..');
const FILES = ['compose.yaml', 'compose.zookeeper.yaml', 'compose.services.yaml'] as const;

const read = (file: string): Promise<string> => readFile(join(DEPLOY, file), 'utf8');

/** The compose specification's own schema, which dclint carries. */
async function composeSchema(): Promise<object> {
  const folder = dirname(fileURLToPath(import.meta.resolve('dclint/package.json')));
  const text = await readFile(join(folder, 'schemas', 'compose.schema.json'), 'utf8');
  const { $schema: _draft, ...schema } = JSON.parse(text);
  assert.equal(schema.title, 'Compose Specification');
  return schema;
}

describe('the compose specification', () => {
  let isValid: ReturnType<Ajv['compile']>;
  before(async () => {
    const ajv = new Ajv({ strict: false, allErrors: true, logger: false });
    // How a duration looks is said nowhere but in the format's name.
    ajv.addFormat('duration', true);
    isValid = ajv.compile(await composeSchema());
  });

  for (const file of FILES) {
    test(`${file} keeps to its schema`, async () => {
      assert.ok(isValid(parseCompose(await read(file))), JSON.stringify(isValid.errors, null, 2));
    });
  }

  test('the schema does refuse what is none of it', async () => {
    const wrong = { services: { gateway: { image: 'sori:0.1.0', memory: '1g' } } };
    assert.ok(!isValid(wrong));
    assert.match(JSON.stringify(isValid.errors), /"memory"/);
  });
});

describe('variables', () => {
  test('what must be set says so, and what to do, one by one', async () => {
    const required = {
      SORI_JWT_SECRET: 'a-secret',
      POSTGRES_PASSWORD: 'database',
      GRAFANA_PASSWORD: 'dashboards',
    };
    await readCompose(join(DEPLOY, 'compose.yaml'), required);
    for (const name of Object.keys(required)) {
      await assert.rejects(readCompose(join(DEPLOY, 'compose.yaml'), { ...required, [name]: '' }), {
        code: 'COMPOSE_INVALID',
        message: new RegExp(`^${name} is not set: set it in`),
      });
    }
  });

  test('.env.example names every variable, and no other', async () => {
    const names = new Set<string>();
    for (const file of FILES) for (const name of variablesOf(await read(file))) names.add(name);
    const example = [...(await read('.env.example')).matchAll(/^(\w+)=/gm)].map(([, name]) => name);
    assert.deepEqual(example.toSorted(), [...names].sort());
  });

  test('are put in place as Compose does it', () => {
    assert.equal(interpolate(`\${A:-x}/\${B:-y}/$$`, { A: 'a', B: '' }), 'a/y/$');
    assert.throws(() => interpolate({ deep: [`\${A}`] }, {}), /^ComposeError: A is not set$/);
    assert.throws(() => interpolate('cost: $5', {}), /begins no variable/);
  });
});

for (const form of ['kraft', 'zookeeper'] as const) {
  describe(`${form}: services`, () => {
    let compose: Compose;
    before(async () => {
      compose = await composeOf(form);
    });

    test('every image has a version', () => {
      for (const { image } of Object.values(compose.services)) {
        assert.match(image, /^[a-z][\w./-]*:v?\d+\.\d+[\w.-]*$/);
      }
    });

    test('wait only for what is there, and can be waited for', () => {
      for (const [name, service] of Object.entries(compose.services)) {
        for (const [needed, condition] of dependenciesOf(service)) {
          const other = compose.services[needed];
          assert.ok(other, `${name} waits for ${needed}`);
          assert.equal(
            condition === 'service_healthy' ? other.healthcheck !== undefined : true,
            true,
          );
          if (condition === 'service_completed_successfully') assert.equal(other.restart, 'no');
        }
      }
    });

    test('do not wait for each other', () => {
      const visit = (name: string, path: readonly string[]): void => {
        assert.ok(!path.includes(name), [...path, name].join(' → '));
        const service = compose.services[name];
        assert.ok(service);
        for (const needed of dependenciesOf(service).keys()) visit(needed, [...path, name]);
      };
      for (const name of Object.keys(compose.services)) visit(name, []);
    });

    test('mount volumes that are declared and files that are there', () => {
      const used = new Set<string>();
      for (const service of Object.values(compose.services)) {
        for (const volume of service.volumes ?? []) {
          const [source = '', target = ''] = volume.split(':');
          assert.match(target, /^\//);
          if (source.startsWith('.')) assert.ok(existsSync(join(DEPLOY, source)), source);
          else used.add(source);
        }
      }
      assert.deepEqual([...used].sort(), Object.keys(compose.volumes).sort());
    });

    test('publish each port once, and no server to others than this machine', () => {
      const published = Object.values(compose.services).flatMap(({ ports = [] }) => ports);
      for (const port of published) assert.match(port, /^127\.0\.0\.1:\d+:\d+$/);
      assert.equal(new Set(published).size, published.length);
    });

    test('have bounds, and those that go on have a health check and are restarted', () => {
      for (const [name, { mem_limit, logging, restart, healthcheck }] of Object.entries(
        compose.services,
      )) {
        assert.match(mem_limit ?? '', /^\d+[mg]$/, name);
        if (restart === 'no') continue;
        assert.equal(restart, 'unless-stopped', name);
        assert.ok(healthcheck, name);
        assert.ok(logging, name);
      }
    });
  });
}
