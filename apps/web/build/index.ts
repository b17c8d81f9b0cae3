import { createHash } from 'node:crypto';
import { glob, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');
const DIST = join(ROOT, 'dist');
/** Written last, so that a build cut short is made again. */
const STAMP = join(DIST, '.sources-sha256');
const SOURCES = ['index.html', 'package.json', 'vite.config.ts', 'public/**/*', 'src/**/*'];

export interface BuiltWebApp {
  /** The folder to serve, with index.html and hashed assets. */
  readonly path: string;
  /** False where the last build was made of these very sources. */
  readonly rebuilt: boolean;
}

/**
 * Builds the page where its sources have changed since the last build, and says where it is.
 * Rejects with Vite's error where the sources do not compile. Prints nothing.
 */
export async function buildWebApp(): Promise<BuiltWebApp> {
  const sources = await hashOfSources();
  if ((await stampOfLastBuild()) === sources) return { path: DIST, rebuilt: false };
  // Only a build needs Vite: where the page is built already, it need not be there.
  const { build } = await import('vite');
  await build({ root: ROOT, logLevel: 'silent' });
  await writeFile(STAMP, sources);
  return { path: DIST, rebuilt: true };
}

async function hashOfSources(): Promise<string> {
  const files: string[] = [];
  for await (const entry of glob(SOURCES, { cwd: ROOT, withFileTypes: true })) {
    if (entry.isFile()) files.push(join(entry.parentPath, entry.name));
  }
  const hash = createHash('sha256');
  for (const file of files.sort()) {
    hash
      .update(file.slice(ROOT.length))
      .update('\0')
      .update(await readFile(file))
      .update('\0');
  }
  return hash.digest('hex');
}

async function stampOfLastBuild(): Promise<string | undefined> {
  try {
    return await readFile(STAMP, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
