import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { passes, say } from './run.ts';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];
const MAC = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';

/**
 * A Chromium of this machine: CHROMIUM_PATH, one on the PATH, or one that apt installs where that
 * is possible. Throws with what to do where there is none.
 */
export async function chromiumPath(): Promise<string> {
  const given = process.env.CHROMIUM_PATH;
  if (given) return given;
  const found = find();
  if (found !== undefined) return found;
  if (process.getuid?.() === 0 && isExecutable('/usr/bin/apt-get')) {
    say('installing Chromium (apt-get)');
    const env = { DEBIAN_FRONTEND: 'noninteractive' };
    await passes({ name: 'apt-get', command: ['apt-get', 'update', '-qq'], env });
    const packages = ['chromium', 'fonts-noto-cjk'];
    const install = ['install', '-qq', '-y', '--no-install-recommends', ...packages] as const;
    await passes({ name: 'apt-get', command: ['apt-get', ...install], env });
    const installed = find();
    if (installed !== undefined) return installed;
  }
  throw new Error(
    'The end-to-end tests need Chromium, and none was found. Install it ' +
      '(Debian: apt-get install chromium) or set CHROMIUM_PATH.',
  );
}

function find(): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const candidates = NAMES.flatMap((name) => folders.map((folder) => join(folder, name)));
  return [...candidates, MAC].find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
