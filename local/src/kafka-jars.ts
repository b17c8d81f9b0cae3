import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from './command.ts';
import { LocalSetupError } from './errors.ts';
import { notThere } from './java.ts';
import { type KafkaVariant, VARIANTS } from './kafka-variant.ts';

const OUTPUT_LINES_SHOWN = 8;

/**
 * The class path of a broker and its tools. The first time Maven fetches the jars (about 54 MB)
 * into `directory`; they are kept, one folder for each version of a pom.
 */
export async function kafkaClassPath(
  directory: string,
  options: {
    readonly variant?: KafkaVariant | undefined;
    readonly onDownload: () => void;
    readonly signal?: AbortSignal | undefined;
  },
): Promise<string> {
  const { pom } = VARIANTS[options.variant ?? 'kraft'];
  const version = createHash('sha256')
    .update(await readFile(pom))
    .digest('hex')
    .slice(0, 12);
  const jars = join(directory, version);
  if (!existsSync(jars)) {
    options.onDownload();
    await download(pom, jars, options.signal);
  }
  // Sorted, because the order of a directory listing is not the same everywhere.
  return (await readdir(jars))
    .sort()
    .map((jar) => join(jars, jar))
    .join(':');
}

async function download(pom: string, jars: string, signal: AbortSignal | undefined): Promise<void> {
  // Fetched beside and renamed when complete, so that a cut download is never taken for the jars.
  const incomplete = `${jars}.${process.pid}.part`;
  await mkdir(incomplete, { recursive: true });
  try {
    await runMaven(pom, incomplete, signal);
    await rename(incomplete, jars).catch((error: NodeJS.ErrnoException) => {
      // Another process was first; its copy is as good.
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
    });
  } finally {
    await rm(incomplete, { recursive: true, force: true });
  }
}

async function runMaven(pom: string, into: string, signal: AbortSignal | undefined): Promise<void> {
  const goal = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies';
  const args = ['-B', '-q', '-f', pom, goal, `-DoutputDirectory=${into}`];
  const result = await runCommand('mvn', args, { signal }).catch(notThere);
  if (result === undefined) {
    throw new LocalSetupError(
      'LOCAL_NO_MAVEN',
      'Fetching Kafka needs Maven, and mvn was not found. Install it (Debian: apt-get install maven; ' +
        'macOS: brew install maven) or set KAFKA_BROKERS to use a cluster that runs already.',
    );
  }
  if (result.code !== 0) {
    const lines = result.output.trim().split('\n').slice(0, OUTPUT_LINES_SHOWN).join('\n');
    throw new LocalSetupError(
      'LOCAL_DOWNLOAD_FAILED',
      `Maven could not fetch Kafka's jars (exit code ${result.code}). It said:\n${lines}`,
    );
  }
}
