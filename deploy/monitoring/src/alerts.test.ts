import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { catalog } from '@sori/chat-events';
import { parse } from 'yaml';
import { alertGroups, prometheusFiles } from './prometheus.ts';
import { GROUP_TARGETS } from './targets.ts';
import { PRODUCTION, rangeOf } from './timing.ts';

const ROOT = join(import.meta.dirname, '../../..');
const PROMTOOL_TESTS = join(ROOT, 'deploy/prometheus/tests');

const alerts = Object.values(alertGroups(PRODUCTION)).flat();

interface PromtoolTest {
  readonly tests: readonly {
    readonly alert_rule_test?: readonly {
      readonly alertname: string;
      readonly exp_alerts?: readonly object[];
    }[];
  }[];
}

/** By alert: how often promtool's tests expect it to fire, and to be silent. */
async function promtoolCases(): Promise<ReadonlyMap<string, readonly [number, number]>> {
  const cases = new Map<string, [number, number]>();
  for (const file of await readdir(PROMTOOL_TESTS)) {
    const { tests } = parse(await readFile(join(PROMTOOL_TESTS, file), 'utf8')) as PromtoolTest;
    for (const { alertname, exp_alerts = [] } of tests.flatMap((of) => of.alert_rule_test ?? [])) {
      const counts = cases.get(alertname) ?? [0, 0];
      counts[exp_alerts.length > 0 ? 0 : 1] += 1;
      cases.set(alertname, counts);
    }
  }
  return cases;
}

test('every alert has a case in which it fires, and one in which it is silent', async () => {
  const cases = await promtoolCases();
  for (const { name } of alerts) {
    const [firing, silent] = cases.get(name) ?? [0, 0];
    assert.ok(firing > 0 && silent > 0, `${name}: ${firing} firing, ${silent} silent`);
  }
  assert.deepEqual([...cases.keys()].sort(), alerts.map(({ name }) => name).sort());
});

describe('every alert has a section in the runbooks, which is there', async () => {
  const runbooks = await readFile(join(ROOT, 'docs/runbooks.md'), 'utf8');
  const sections = runbooks.split(/^## /m).slice(1);
  for (const { name } of alerts) {
    test(name, () => {
      const section = sections.find((text) => text.startsWith(`${name}\n`));
      assert.ok(section !== undefined, `docs/runbooks.md has no section ${name}`);
      for (const part of ['**Means**', '**Look**', '**Do**'])
        assert.ok(section.includes(part), part);
    });
  }

  test('and no section is of no alert', () => {
    const titles = sections.map((text) => text.slice(0, text.indexOf('\n')));
    assert.deepEqual(titles.sort(), alerts.map(({ name }) => name).sort());
  });
});

test('an alert compares what it says that it measures', () => {
  for (const { name, expr, measures } of alerts) {
    for (const measure of measures) assert.ok(expr.includes(measure), `${name}: ${measure}`);
  }
});

test('every group of the catalog has its targets', () => {
  assert.deepEqual(
    GROUP_TARGETS.map(({ group, members }) => [group, members]),
    catalog.groups.map(({ id, members }) => [id, members]),
  );
});

test('a speed-up changes durations and nothing else', () => {
  const fast = { scrapeSeconds: 5, evaluateSeconds: 5, speedUp: 10 };
  const withoutDurations = (text: string) => text.replaceAll(/\b\d+[sm]\b/g, '…');
  const files = prometheusFiles(fast);
  for (const [path, text] of Object.entries(prometheusFiles(PRODUCTION))) {
    assert.equal(withoutDurations(files[path] ?? ''), withoutDurations(text), path);
  }
  assert.equal(rangeOf(300, fast), '30s');
  assert.equal(rangeOf(60, fast), '20s', 'four scrapes at least');
});
