import type { ConsumerMetrics, PublisherMetrics } from '@sori/stream';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { ConsumerMetricsFamily } from './consumer-metrics.ts';
import { type HttpMetrics, httpMetrics } from './http-metrics.ts';
import { PublisherMetricsFamily } from './publisher-metrics.ts';
import type { Now } from './sliding-window.ts';

/** What one service counts, in one registry. Every series has the label `service`. */
export interface Metrics {
  /** For metrics of the service's own. */
  readonly registry: Registry;
  /** What a publisher counts, under the label `client`. */
  publisher(clientId: string): PublisherMetrics;
  /** What a member of a group counts, under the labels `group` and `client`. */
  consumer(group: string, member: string): ConsumerMetrics;
  /** What the service's HTTP servers count. */
  http(): HttpMetrics;
  /** Prometheus' text format. */
  text(): Promise<string>;
  readonly contentType: string;
}

export interface MetricsOptions {
  readonly service: string;
  /** Milliseconds of a clock that never goes back; the machine's unless given. */
  readonly now?: Now;
}

/** Makes a registry with the process's own metrics and the families of publishers and consumers. */
export function createMetrics({ service, now = () => performance.now() }: MetricsOptions): Metrics {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  collectDefaultMetrics({ register: registry });
  const publishers = new PublisherMetricsFamily(registry, now);
  const consumers = new ConsumerMetricsFamily(registry, now);
  let http: HttpMetrics | undefined;
  return {
    registry,
    publisher: (clientId) => publishers.of(clientId),
    consumer: (group, member) => consumers.of(group, member),
    http() {
      http ??= httpMetrics(registry);
      return http;
    },
    text: () => registry.metrics(),
    contentType: registry.contentType,
  };
}
