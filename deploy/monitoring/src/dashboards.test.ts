import assert from 'node:assert/strict';
import { test } from 'node:test';
import { catalog } from '@sori/chat-events';
import { dashboards, panelQueries } from './grafana.ts';

/** The six that were asked for. */
const ASKED = [
  'kafka_producer_record_send_rate',
  'kafka_producer_request_latency_avg',
  'kafka_consumer_records_consumed_rate',
  'kafka_consumer_lag',
  'kafka_topic_partition_current_offset',
  'kafka_topic_partition_earliest_offset',
];

test('the metrics that were asked for are all drawn', () => {
  const drawn = panelQueries().map(({ expr }) => expr);
  for (const name of ASKED) {
    const isDrawn = drawn.some((expr) => new RegExp(`\\b${name}\\b(?!_)`).test(expr));
    assert.ok(isDrawn, name);
  }
});

test('every topic of the catalog is drawn against its expected load', () => {
  const drawn = panelQueries().map(({ expr }) => expr);
  for (const { name, deadLettersOf } of catalog.topics) {
    if (deadLettersOf !== undefined) continue;
    for (const metric of ['records', 'bytes']) {
      assert.ok(drawn.includes(`sori_topic_expected_${metric}_per_second{topic="${name}"}`), name);
    }
  }
});

test('panels have titles, say what to make of them, and do not overlap', () => {
  for (const { title, panels = [] } of dashboards()) {
    const cells = new Set<string>();
    for (const panel of panels) {
      assert.ok(panel.title, title);
      if (panel.type === 'row') continue;
      assert.ok('description' in panel && panel.description, `${title}: ${panel.title}`);
      assert.ok(panel.gridPos);
      const { x, y, w, h } = panel.gridPos;
      assert.ok(x + w <= 24, `${panel.title} is beyond the grid`);
      for (let column = x; column < x + w; column++) {
        for (let row = y; row < y + h; row++) {
          const cell = `${column}/${row}`;
          assert.ok(!cells.has(cell), `${title}: ${panel.title} covers another panel`);
          cells.add(cell);
        }
      }
    }
  }
});

test('a dashboard asks whichever Prometheus is chosen', () => {
  for (const { title, panels = [] } of dashboards()) {
    for (const panel of panels) {
      if (!('targets' in panel)) continue;
      for (const target of panel.targets ?? []) {
        assert.ok('datasource' in target, `${title}: ${panel.title}`);
        assert.deepEqual(target.datasource, { type: 'prometheus', uid: '$datasource' });
      }
    }
  }
});
