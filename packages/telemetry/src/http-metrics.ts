import { Counter, Histogram, type Registry } from 'prom-client';
import { LATENCY_SECONDS_BUCKETS } from './latency-buckets.ts';

/** What an HTTP server counts. */
export interface HttpMetrics {
  /** `route` is a pattern, as `/v1/rooms/:roomId`, never an address. */
  answered(method: string, route: string, status: number, durationMs: number): void;
}

/** Methods are text of the client's: these are counted by name, all others as one. */
const METHODS = new Set(['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'PATCH', 'DELETE']);

/** The metrics of the HTTP servers of one registry. */
export function httpMetrics(registry: Registry): HttpMetrics {
  const registers = [registry];
  const labelNames = ['method', 'route', 'status'] as const;
  const requests = new Counter({
    registers,
    labelNames,
    name: 'http_requests_total',
    help: 'Requests answered',
  });
  const duration = new Histogram({
    registers,
    labelNames: ['method', 'route'] as const,
    name: 'http_request_duration_seconds',
    help: 'Seconds from the request to the end of its answer',
    buckets: LATENCY_SECONDS_BUCKETS,
  });
  return {
    answered(given, route, status, durationMs) {
      const method = METHODS.has(given) ? given : 'other';
      requests.inc({ method, route, status });
      duration.observe({ method, route }, durationMs / 1_000);
    },
  };
}
