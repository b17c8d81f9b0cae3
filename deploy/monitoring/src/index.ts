export type { Alert } from './alert.ts';
export { panelQueries } from './grafana.ts';
export { alertGroups, prometheusFiles } from './prometheus.ts';
export type { Timing } from './timing.ts';
