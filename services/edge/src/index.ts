export { type Edge, type EdgeOptions, startEdge } from './edge.ts';
export type { EdgeLimits } from './limits.ts';
export { main } from './main.ts';
