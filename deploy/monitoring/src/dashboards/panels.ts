import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import {
  GraphDrawStyle,
  LegendDisplayMode,
  LegendPlacement,
  LineStyleBuilder,
  SortOrder,
  StackingConfigBuilder,
  StackingMode,
  TooltipDisplayMode,
  VisibilityMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import {
  type DataSourceRef,
  type Panel,
  type Threshold,
  ThresholdsConfigBuilder,
  ThresholdsMode,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { DataqueryBuilder, PromQueryFormat } from '@grafana/grafana-foundation-sdk/prometheus';
import { PanelBuilder as StatBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { PanelBuilder as TimeseriesBuilder } from '@grafana/grafana-foundation-sdk/timeseries';

/** Which Prometheus: a choice of the dashboard, so that it works in any Grafana. */
export const DATASOURCE: DataSourceRef = { type: 'prometheus', uid: '$datasource' };

/** Grafana's grid is 24 wide. */
const THIRD = 8;
const HEIGHT = 8;
const STAT_HEIGHT = 4;

/** The name in the legend of what is drawn as a target. */
const TARGET = 'target';

/** A query, and the name of its series with labels in double braces. */
export interface Query {
  readonly expr: string;
  readonly legend: string;
}

export interface ChartOptions {
  readonly title: string;
  /** What a reader should make of it. */
  readonly description: string;
  readonly queries: readonly Query[];
  /** In Grafana's words, as `s` or `reqps`. */
  readonly unit: string;
  /** Drawn as a dashed line beside what is. */
  readonly target?: string;
  readonly width?: number;
  readonly stacked?: boolean;
}

/** Lines over time. */
export function chart(options: ChartOptions): Builder<Panel> {
  const panel = new TimeseriesBuilder()
    .title(options.title)
    .description(options.description)
    .datasource(DATASOURCE)
    .unit(options.unit)
    .min(0)
    .height(HEIGHT)
    .span(options.width ?? THIRD)
    .drawStyle(GraphDrawStyle.Line)
    .fillOpacity(8)
    .showPoints(VisibilityMode.Never)
    .legend(
      new VizLegendOptionsBuilder()
        .displayMode(LegendDisplayMode.List)
        .placement(LegendPlacement.Bottom)
        .showLegend(true),
    )
    .tooltip(
      new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending),
    );
  if (options.stacked) {
    panel.stacking(new StackingConfigBuilder().mode(StackingMode.Normal).group('A'));
  }
  const { target } = options;
  const queries =
    target === undefined ? options.queries : [...options.queries, { expr: target, legend: TARGET }];
  for (const [index, query] of queries.entries()) panel.withTarget(toQuery(query, index));
  if (target !== undefined) {
    panel.overrideByRegexp(`^${TARGET}`, [
      { id: 'custom.lineStyle', value: new LineStyleBuilder().fill('dash').dash([10, 10]).build() },
      { id: 'custom.fillOpacity', value: 0 },
      { id: 'color', value: { mode: 'fixed', fixedColor: 'text' } },
    ]);
  }
  return panel;
}

export interface StatOptions extends Omit<ChartOptions, 'target' | 'queries' | 'stacked'> {
  readonly query: Query;
  /** Colours from values on; the first has no value. */
  readonly steps: readonly Threshold[];
}

/** One number, as it is now. */
export function stat(options: StatOptions): Builder<Panel> {
  return new StatBuilder()
    .title(options.title)
    .description(options.description)
    .datasource(DATASOURCE)
    .unit(options.unit)
    .height(STAT_HEIGHT)
    .span(options.width ?? STAT_HEIGHT)
    .thresholds(
      new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps([...options.steps]),
    )
    .withTarget(toQuery(options.query, 0));
}

/** Good below `from`, bad from there on. */
export function badFrom(from: number): readonly Threshold[] {
  return [
    { value: null, color: 'green' },
    { value: from, color: 'red' },
  ];
}

/** Bad below `from`, good from there on. */
export function goodFrom(from: number): readonly Threshold[] {
  return [
    { value: null, color: 'red' },
    { value: from, color: 'green' },
  ];
}

const FIRST_REF_ID = 'A'.charCodeAt(0);

function toQuery({ expr, legend }: Query, index: number): DataqueryBuilder {
  return new DataqueryBuilder()
    .datasource(DATASOURCE)
    .refId(String.fromCharCode(FIRST_REF_ID + index))
    .expr(expr)
    .format(PromQueryFormat.TimeSeries)
    .range()
    .legendFormat(legend);
}
