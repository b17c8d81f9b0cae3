export { DEFAULT_RELAY_LIMITS, type RelayLimits } from './limits.ts';
export { main, type RelayService } from './main.ts';
export { createRelayMetrics, type RelayMetrics } from './metrics.ts';
export { type Relay, type RelayOptions, type RelayState, startRelay } from './relay.ts';
