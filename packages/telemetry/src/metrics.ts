import type { ConsumerMetrics, ProjectionHealth, PublisherMetrics } from '@sori/stream';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { ConsumerMetricsFamily } from './consumer-metrics.ts';
import { type HttpMetrics, httpMetrics } from './http-metrics.ts';
import { ProjectionMetricsFamily } from './projection-metrics.ts';
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
  /** What a member of a projection says of itself, asked at every scrape. */
  projection(group: string, member: string, health: () => ProjectionHealth): void;
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

/** Makes a registry with the process's own metrics. */
export function createMetrics({ service, now = () => performance.now() }: MetricsOptions): Metrics {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  collectDefaultMetrics({ register: registry });
  // Made when first used: a service has the metrics of what it does, and no others.
  let publishers: PublisherMetricsFamily | undefined;
  let consumers: ConsumerMetricsFamily | undefined;
  let projections: ProjectionMetricsFamily | undefined;
  let http: HttpMetrics | undefined;
  return {
    registry,
    publisher(clientId) {
      publishers ??= new PublisherMetricsFamily(registry, now);
      return publishers.of(clientId);
    },
    consumer(group, member) {
      consumers ??= new ConsumerMetricsFamily(registry, now);
      return consumers.of(group, member);
    },
    projection(group, member, health) {
      projections ??= new ProjectionMetricsFamily(registry);
      projections.add(group, member, health);
    },
    http() {
      http ??= httpMetrics(registry);
      return http;
    },
    text: () => registry.metrics(),
    contentType: registry.contentType,
  };
}
