import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from './ports.ts';
import type { PrometheusPrograms } from './prometheus-programs.ts';
import { startServerProcess, waitUntilReady } from './server-process.ts';

const HOST = '127.0.0.1';
const START_TIMEOUT_MS = 60_000;
const STOP_GRACE_MS = 10_000;
const ANSWER_TIMEOUT_MS = 2_000;
/** Samples are kept between starts; more of them is a matter for a Prometheus that is not a laptop's. */
const RETENTION = '3d';

/** A process to scrape. */
export interface ScrapeTarget {
  /** What its series are called by, as `notifier-2`. */
  readonly instance: string;
  /** `host:port`; /metrics is there. */
  readonly address: string;
}

export interface PrometheusServerOptions {
  /** Holds configuration, samples, log and pid file. Samples are kept between starts. */
  readonly directory: string;
  readonly programs: PrometheusPrograms;
  /** Holds `prometheus.yml` and `rules`; its targets come from `targets/*.json`, written here. */
  readonly configuration: string;
  readonly targets: readonly ScrapeTarget[];
  /** Taken if free; any free one if left out. */
  readonly preferredPort?: number;
  /** It ended and nobody stopped it; `how` as `SIGKILL`. */
  readonly onExit?: (how: string) => void;
  readonly signal?: AbortSignal | undefined;
}

/** A real Prometheus on 127.0.0.1. Disposing it stops it; its samples stay. */
export interface PrometheusServer extends AsyncDisposable {
  readonly url: string;
}

/** Starts a Prometheus that scrapes the targets; throws LocalSetupError. */
export async function startPrometheusServer(
  options: PrometheusServerOptions,
): Promise<PrometheusServer> {
  const { directory, programs, configuration, targets } = options;
  const home = join(directory, 'prometheus');
  await rm(join(home, 'rules'), { recursive: true, force: true });
  await mkdir(join(home, 'targets'), { recursive: true });
  for (const part of ['prometheus.yml', 'rules']) {
    await cp(join(configuration, part), join(home, part), { recursive: true });
  }
  const entries = targets.map(({ instance, address }) => ({
    targets: [address],
    labels: { instance },
  }));
  await writeFile(join(home, 'targets', 'sori.json'), JSON.stringify(entries, null, 2));

  const port = await freePort(options.preferredPort);
  const url = `http://${HOST}:${port}`;
  const outputFile = join(directory, 'logs', 'prometheus.log');
  const server = await startServerProcess({
    name: 'Prometheus',
    program: programs.prometheus,
    args: [
      `--config.file=${join(home, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(home, 'samples')}`,
      `--storage.tsdb.retention.time=${RETENTION}`,
      `--web.listen-address=${HOST}:${port}`,
      ...programs.args,
    ],
    outputFile,
    pidFile: join(directory, 'prometheus.pid'),
  });
  let isStopping = false;
  const stop = async (): Promise<void> => {
    isStopping = true;
    await server.stop('SIGTERM', STOP_GRACE_MS);
  };
  try {
    const { signal } = options;
    await waitUntilReady(server, () => isReady(url), {
      timeoutMs: START_TIMEOUT_MS,
      outputFile,
      signal,
    });
  } catch (error) {
    await stop();
    throw error;
  }
  void server.exited.then((how) => {
    if (!isStopping) options.onExit?.(how);
  });
  return { url, [Symbol.asyncDispose]: stop };
}

async function isReady(url: string): Promise<boolean> {
  try {
    const signal = AbortSignal.timeout(ANSWER_TIMEOUT_MS);
    const response = await fetch(`${url}/-/ready`, { signal });
    await response.body?.cancel();
    return response.ok;
  } catch (error) {
    // Nobody listens yet, or it is slow to answer: not ready. Anything else is our own mistake.
    if (error instanceof TypeError || (error as Error).name === 'TimeoutError') return false;
    throw error;
  }
}
