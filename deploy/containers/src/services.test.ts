import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { catalog } from '@sori/chat-events';
import { ConfigurationError } from '@sori/config';
import { exportKafkaTopics } from '@sori/kafka';
import { isServiceName, runService, serviceNames } from '../../../apps/cli/src/system/services.ts';
import type { Compose, ComposeService } from './compose.ts';
import { composeOf } from './forms.ts';

const ROOT = join(import.meta.dirname, '../../..');
const DEPLOY = join(ROOT, 'deploy');

/** What a service asks of its environment, and what of that it does not start without. */
async function variablesOf(service: string) {
  assert.ok(isServiceName(service), service);
  const asked = new Set<string>();
  const environment = new Proxy<NodeJS.ProcessEnv>(
    {},
    {
      get: (_target, name) => {
        asked.add(String(name));
        return undefined;
      },
    },
  );
  const error = await runService(service, environment).then(
    () => assert.fail(`${service} starts without brokers`),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof ConfigurationError, String(error));
  return { asked, problems: error.problems };
}

/** Services of ours that go on, by name: what `sori run` runs. */
function ourServices(compose: Compose): ReadonlyMap<string, ComposeService & { runs: string }> {
  const ours = Object.entries(compose.services).flatMap(([name, service]) => {
    const [verb, runs] = service.command ?? [];
    if (service.build === undefined || verb !== 'run' || runs === undefined) return [];
    return [[name, { ...service, runs }] as const];
  });
  return new Map(ours);
}

describe('services of ours', () => {
  let compose: Compose;
  before(async () => {
    compose = await composeOf('kraft');
  });

  test('are all there, and the same in both forms', async () => {
    const running = new Set([...ourServices(compose).values()].map(({ runs }) => runs));
    assert.deepEqual([...running].sort(), [...serviceNames].sort());
    const other = ourServices(await composeOf('zookeeper'));
    assert.deepEqual([...other], [...ourServices(compose)]);
  });

  test('have as many members as their groups are made for', () => {
    for (const { id, members } of catalog.groups) {
      const service = id === 'notification-consumer-group' ? 'notifier' : id.split('-')[0];
      const found = [...ourServices(compose).values()].filter(({ runs }) => runs === service);
      if (found.length > 0) assert.equal(found.length, members, id);
    }
  });

  for (const service of serviceNames) {
    test(`${service} is told what it asks, and nothing that it does not`, async () => {
      const { asked, problems } = await variablesOf(service);
      for (const [name, { runs, environment = {} }] of ourServices(compose)) {
        if (runs !== service) continue;
        const given = Object.keys(environment);
        assert.deepEqual(
          given.filter((variable) => !asked.has(variable)),
          [],
          name,
        );
        // One that may come in several ways is named by all of them.
        const missing = problems.filter(
          ({ variable }) => !given.some((own) => variable.split(/\W+/).includes(own)),
        );
        assert.deepEqual(missing, [], name);
        assert.equal(environment.SORI_MEMBER_NAME, name);
      }
    });
  }

  test('are checked and scraped at the port that they are told to listen at', async () => {
    const targets = JSON.parse(
      await readFile(join(DEPLOY, 'containers/targets.json'), 'utf8'),
    ) as readonly { readonly targets: readonly string[]; readonly labels: object }[];
    const expected = [...ourServices(compose)].map(([name, { environment = {}, healthcheck }]) => {
      const port = Object.entries(environment).find(([key]) => key.endsWith('_PORT'))?.[1];
      const host = Object.entries(environment).find(([key]) => key.endsWith('_HOST'))?.[1];
      assert.equal(host, '0.0.0.0', name);
      assert.equal(healthcheck?.test.at(-1), `http://127.0.0.1:${port}/readyz`, name);
      return { targets: [`${name}:${port}`], labels: { instance: name } };
    });
    assert.deepEqual(targets, expected);
  });

  test('find the page where the image has it', () => {
    assert.equal(compose.services.gateway?.environment?.SORI_WEB_ROOT, '/app/apps/web/dist');
  });

  test('topics and tables are made by commands of ours before any of them starts', () => {
    assert.deepEqual(compose.services['kafka-setup']?.command, ['topics', 'apply']);
    assert.deepEqual(compose.services.migrate?.command, ['migrate']);
    for (const { depends_on } of ourServices(compose).values()) {
      const condition = 'service_completed_successfully';
      assert.deepEqual(depends_on, { 'kafka-setup': { condition }, migrate: { condition } });
    }
  });
});

test('kafka-setup of the ZooKeeper form waits for three brokers and runs the script of the catalog', async () => {
  const { services } = await composeOf('zookeeper');
  const script = services['kafka-setup']?.command?.at(-1) ?? '';
  assert.match(script, /^cub kafka-ready -b kafka-1:9092 3 60$/m);
  assert.match(script, /bash \/opt\/sori\/create-topics\.sh$/m);
  const path = join(DEPLOY, 'kafka/create-topics.sh');
  const how = 'npx sori topics export --format kafka-topics > deploy/kafka/create-topics.sh';
  assert.equal(await readFile(path, 'utf8'), exportKafkaTopics(catalog), how);
});
