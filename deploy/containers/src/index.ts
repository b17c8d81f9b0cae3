export type { Compose } from './compose.ts';
export { composeOf } from './forms.ts';
export { brokerSettings, onThisMachine, parseProperties } from './server-properties.ts';
