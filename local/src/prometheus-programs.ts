import { accessSync, constants } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { runCommand } from './command.ts';
import { LocalSetupError } from './errors.ts';

const PACKAGE = 'prometheus';
/** Scripts and fonts of its pages, which Debian packs apart, and those that scripts need in turn. */
const PAGES = /Depends: ((?:libjs|fonts)-\S+)/;
const PAGES_OF = [PACKAGE, 'libjs-rickshaw'];
/** 200 MB of time zones as sources; the pages load them as one small script that lies beside. */
const NEEDLESS = 'usr/share/javascript/moment-timezone/data';
const LINES_SHOWN = 8;

export interface PrometheusPrograms {
  readonly prometheus: string;
  readonly promtool: string;
  /** What this build of it needs to be told on its command line. */
  readonly args: readonly string[];
}

/**
 * The Prometheus of this machine: one on the PATH, or one that apt fetched into `directory` the first
 * time. It is unpacked there and not installed: the package would start a server of its own. Throws
 * LocalSetupError with what to do where there is none and no apt.
 */
export async function prometheusPrograms(
  directory: string,
  options: {
    readonly environment?: NodeJS.ProcessEnv | undefined;
    readonly onDownload: () => void;
    readonly signal?: AbortSignal | undefined;
  },
): Promise<PrometheusPrograms> {
  const folders = ((options.environment ?? process.env).PATH ?? '').split(delimiter);
  const onPath = folders.map((folder) => join(folder, 'prometheus')).find(isExecutable);
  const tool = folders.map((folder) => join(folder, 'promtool')).find(isExecutable);
  if (onPath !== undefined && tool !== undefined) {
    return { prometheus: onPath, promtool: tool, args: [] };
  }
  const unpacked = join(directory, PACKAGE);
  const programs: PrometheusPrograms = {
    prometheus: join(unpacked, 'usr/bin/prometheus'),
    promtool: join(unpacked, 'usr/bin/promtool'),
    // Debian's build looks for the files of its pages where the package would have put them.
    args: [`--web.local-assets=${join(unpacked, 'usr/share/prometheus/web')}`],
  };
  if (!isExecutable(programs.prometheus)) {
    if (!isExecutable('/usr/bin/apt-get')) throw notFound();
    options.onDownload();
    await mkdir(directory, { recursive: true });
    await download(unpacked, options.signal);
  }
  return programs;
}

async function download(into: string, signal: AbortSignal | undefined): Promise<void> {
  // Unpacked beside and renamed when complete, so that a cut download is never taken for it.
  const work = await mkdtemp(`${into}-`);
  try {
    if (!(await fetched(work, signal))) {
      // A fresh machine has no lists of packages; only root may get them.
      if (process.getuid?.() !== 0) throw notFound();
      await apt(['update', '-qq'], work, signal);
      if (!(await fetched(work, signal))) throw notFound();
    }
    const content = join(work, 'content');
    for (const archive of (await readdir(work)).filter((name) => name.endsWith('.deb'))) {
      const { code, output } = await runCommand('dpkg', ['-x', join(work, archive), content]);
      if (code !== 0) throw failed('dpkg', output);
    }
    await rm(join(content, NEEDLESS), { recursive: true, force: true });
    await rename(content, into).catch((error: NodeJS.ErrnoException) => {
      // Another process was first; its copy is as good.
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
    });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function fetched(into: string, signal: AbortSignal | undefined): Promise<boolean> {
  const depends = await runCommand('apt-cache', ['depends', ...PAGES_OF]);
  const pages = depends.output.split('\n').flatMap((line) => PAGES.exec(line)?.[1] ?? []);
  const packages = [PACKAGE, ...new Set(pages)];
  const result = await runCommand('apt-get', ['download', '-qq', ...packages], {
    cwd: into,
    ...(signal === undefined ? {} : { signal }),
  });
  return result.code === 0;
}

async function apt(
  args: readonly string[],
  cwd: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { code, output } = await runCommand('apt-get', args, {
    cwd,
    ...(signal === undefined ? {} : { signal }),
  });
  if (code !== 0) throw failed('apt-get', output);
}

function failed(program: string, output: string): LocalSetupError {
  const lines = output.trim().split('\n').slice(-LINES_SHOWN).join('\n');
  return new LocalSetupError(
    'LOCAL_DOWNLOAD_FAILED',
    `${program} could not get Prometheus. It said:\n${lines}`,
  );
}

function notFound(): LocalSetupError {
  return new LocalSetupError(
    'LOCAL_NO_PROMETHEUS',
    'Prometheus was not found: neither prometheus and promtool on the PATH, nor a package for apt. ' +
      'Install it (Debian: apt-get install prometheus; macOS: brew install prometheus) or leave it out.',
  );
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
