export type { MonitorLimits } from './limits.ts';
export { type MonitorService, main } from './main.ts';
export { type Monitor, type MonitorOptions, startMonitor } from './monitor.ts';
