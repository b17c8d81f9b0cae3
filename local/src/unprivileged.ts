import { constants } from 'node:fs';
import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { runCommand } from './command.ts';
import { LocalSetupError } from './errors.ts';

export interface UserIds {
  readonly uid: number;
  readonly gid: number;
}

const USER = 'nobody';

/**
 * Who Postgres runs as: ourselves (undefined), or `nobody` where we are root, as it refuses that.
 * `paths` are what that user must reach; throws LocalSetupError where it can't.
 */
export async function unprivilegedUser(paths: readonly string[]): Promise<UserIds | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const [uid, gid] = await Promise.all([idOf('-u'), idOf('-g')]);
  for (const path of paths) await assertReachable(path);
  return { uid, gid };
}

async function idOf(flag: '-u' | '-g'): Promise<number> {
  const { code, output } = await runCommand('id', [flag, USER]);
  if (code === 0) return Number(output);
  throw new LocalSetupError(
    'LOCAL_NO_UNPRIVILEGED_USER',
    `Postgres refuses to run as root and there is no user "${USER}". ` +
      'Run this as another user, or set DATABASE_URL to use a database that runs already.',
  );
}

async function assertReachable(path: string): Promise<void> {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    const { mode } = await stat(folder);
    if ((mode & constants.S_IXOTH) === 0) {
      throw new LocalSetupError(
        'LOCAL_DIRECTORY_UNREACHABLE',
        `Postgres refuses to run as root, and the user "${USER}" may not enter ${folder}. ` +
          `Allow it (chmod o+x ${folder}), move this folder elsewhere, run this as another user, ` +
          'or set DATABASE_URL to use a database that runs already.',
      );
    }
    if (folder === dirname(folder)) return;
  }
}
