import { holdOf, type Timing } from './timing.ts';

/** `critical`: people are kept waiting or records are lost now. `warning`: they will be. */
export type Severity = 'critical' | 'warning';

export interface Alert {
  readonly name: string;
  readonly severity: Severity;
  /**
   * What the alert compares: each has data on a system that runs, or the alert could never fire. A test
   * asks a real Prometheus for all of them.
   */
  readonly measures: readonly string[];
  /** Has a result while something is wrong. */
  readonly expr: string;
  readonly holdSeconds: number;
  /** One line, with the labels that say where. */
  readonly summary: string;
}

export interface AlertRule {
  readonly alert: string;
  readonly expr: string;
  readonly for: string;
  readonly labels: { readonly severity: Severity };
  readonly annotations: { readonly summary: string; readonly runbook_url: string };
}

/** Relative to the repository; put its address before it where alerts are read outside. */
const RUNBOOKS = 'docs/runbooks.md';

export function toAlertRule(alert: Alert, timing: Timing): AlertRule {
  return {
    alert: alert.name,
    expr: alert.expr,
    for: holdOf(alert.holdSeconds, timing),
    labels: { severity: alert.severity },
    annotations: {
      summary: alert.summary,
      // The section's title is the alert's name.
      runbook_url: `${RUNBOOKS}#${alert.name.toLowerCase()}`,
    },
  };
}
