import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { prometheusPrograms, type ScrapeTarget, startPrometheusServer } from '@sori/local';
import type { Home } from './home.ts';
import type { Progress } from './progress.ts';

const CONFIGURATION = fileURLToPath(new URL('../../../../deploy/prometheus', import.meta.url));
const PROMETHEUS_PORT = 9090;

export interface MonitoringOptions {
  readonly home: Home;
  readonly environment: NodeJS.ProcessEnv;
  readonly targets: readonly ScrapeTarget[];
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

/** A real Prometheus beside the system, with the rules that production has; resolves with its URL. */
export async function startMonitoring(
  { home, environment, targets, progress, signal }: MonitoringOptions,
  started: AsyncDisposableStack,
): Promise<string> {
  const prometheus = await progress.step('Prometheus', async (update) => {
    const programs = await prometheusPrograms(join(home.jars, '..', 'tools'), {
      environment,
      onDownload: () => update('fetching it (20 MB, once)'),
      signal,
    });
    return await startPrometheusServer({
      directory: home.data,
      programs,
      configuration: CONFIGURATION,
      targets,
      preferredPort: PROMETHEUS_PORT,
      onExit: (how) => progress.note(`Prometheus ended (${how}); the system goes on without it`),
      signal,
    });
  });
  return started.use(prometheus).url;
}
