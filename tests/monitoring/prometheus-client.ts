import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';

const POLL_MS = 250;

export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface ActiveAlert {
  readonly name: string;
  readonly state: 'pending' | 'firing';
  readonly labels: Readonly<Record<string, string>>;
}

/** Prometheus' HTTP API, as far as the tests ask it. */
export interface PrometheusClient {
  /** What an expression gives now. Rejects with Prometheus' words where it is wrong. */
  query(expr: string): Promise<readonly Sample[]>;
  alerts(): Promise<readonly ActiveAlert[]>;
  /** By rule: the error of its last evaluation, empty where there was none. */
  ruleErrors(): Promise<Readonly<Record<string, string>>>;
  /** By instance: `up`, `down` or `unknown`. */
  targets(): Promise<Readonly<Record<string, string>>>;
}

export function createPrometheusClient(url: string): PrometheusClient {
  async function get<T>(path: string, parameters: Record<string, string> = {}): Promise<T> {
    const response = await fetch(`${url}/api/v1/${path}?${new URLSearchParams(parameters)}`);
    const answer = (await response.json()) as { readonly data: T; readonly error?: string };
    assert.ok(response.ok, `${answer.error}: ${parameters.query ?? path}`);
    return answer.data;
  }
  return {
    async query(expr) {
      const { result } = await get<{
        readonly result: readonly {
          readonly metric: Readonly<Record<string, string>>;
          readonly value: readonly [number, string];
        }[];
      }>('query', { query: expr });
      return result.map(({ metric, value }) => ({ labels: metric, value: Number(value[1]) }));
    },
    async alerts() {
      const { alerts } = await get<{
        readonly alerts: readonly {
          readonly labels: Readonly<Record<string, string>>;
          readonly state: 'pending' | 'firing';
        }[];
      }>('alerts');
      return alerts.map(({ labels, state }) => ({ name: labels.alertname ?? '', state, labels }));
    },
    async ruleErrors() {
      const { groups } = await get<{
        readonly groups: readonly {
          readonly rules: readonly {
            readonly name: string;
            readonly health: string;
            readonly lastError?: string;
          }[];
        }[];
      }>('rules');
      return Object.fromEntries(
        groups.flatMap(({ rules }) =>
          rules.map(({ name, health, lastError = '' }) => [
            name,
            health === 'ok' ? '' : `${health} ${lastError}`,
          ]),
        ),
      );
    },
    async targets() {
      const { activeTargets } = await get<{
        readonly activeTargets: readonly {
          readonly labels: Readonly<Record<string, string>>;
          readonly health: string;
        }[];
      }>('targets');
      return Object.fromEntries(
        activeTargets.map(({ labels, health }) => [labels.instance ?? '', health]),
      );
    },
  };
}

/** Asks until the answer is good, and gives it; fails with the last one after `timeoutMs`. */
export async function eventually<T>(
  what: string,
  timeoutMs: number,
  ask: () => Promise<T>,
  isGood: (answer: T) => boolean,
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (isGood(answer)) return answer;
    assert.ok(Date.now() < deadline, `${what}: ${JSON.stringify(answer)} after ${timeoutMs} ms`);
    await delay(POLL_MS);
  }
}
