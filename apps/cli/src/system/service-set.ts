import { freePort, type ScrapeTarget } from '@sori/local';
import type { Home } from './home.ts';
import type { Progress } from './progress.ts';
import {
  type ServiceProcess,
  type ServiceProcessOptions,
  startServiceProcess,
} from './service-process.ts';
import { together } from './together.ts';

const HOST = '127.0.0.1';

export interface ServiceSetOptions {
  readonly home: Home;
  /** Members of notification-consumer-group. */
  readonly notifiers: number;
  /** What every service is started with, but for its name and its own port. */
  readonly environment: NodeJS.ProcessEnv;
  readonly gatewayPort: number;
  readonly edgePort: number;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

/**
 * Starts the services side by side and waits until each is ready. Disposing it drains them side by
 * side. What it started goes to `started`, also where it rejects. Resolves with where each has its
 * metrics.
 */
export async function startServices(
  options: ServiceSetOptions,
  started: AsyncDisposableStack,
): Promise<readonly ScrapeTarget[]> {
  const { home, notifiers, environment, progress } = options;
  const services: ServiceProcess[] = [];
  const targets: ScrapeTarget[] = [];
  started.defer(async () => {
    await Promise.all(services.map((service) => service[Symbol.asyncDispose]()));
  });
  const launch =
    (name: string, service: ServiceProcessOptions['service'], port?: number) =>
    async (signal: AbortSignal): Promise<void> => {
      const healthPort = port ?? (await freePort());
      const process = await startServiceProcess(home, {
        name,
        service,
        environment: {
          ...environment,
          SORI_MEMBER_NAME: name,
          SORI_HEALTH_HOST: HOST,
          SORI_HEALTH_PORT: String(healthPort),
        },
        readyUrl: `http://${HOST}:${healthPort}/readyz`,
        signal,
        onRestart: (ended, how) => progress.note(`${ended} ended (${how}); starting it again`),
      });
      services.push(process);
      targets.push({ instance: name, address: `${HOST}:${healthPort}` });
    };
  const members = Array.from({ length: notifiers }, (_, index) => `notifier-${index + 1}`);
  await together(options.signal, [
    launch('gateway', 'gateway', options.gatewayPort),
    launch('relay', 'relay'),
    ...members.map((name) => launch(name, 'notifier')),
    launch('edge', 'edge', options.edgePort),
    launch('history-1', 'history'),
    launch('analytics-1', 'analytics'),
    launch('analytics-2', 'analytics'),
    launch('monitor', 'monitor'),
  ]);
  return targets;
}
