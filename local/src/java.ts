import { runCommand } from './command.ts';
import { LocalSetupError } from './errors.ts';

/** The oldest Java that Kafka 4's brokers run on. */
const MINIMUM_JAVA = 17;

/** Finds a Java that can run a broker; throws LocalSetupError with what to install. */
export async function findJava(environment: NodeJS.ProcessEnv): Promise<string> {
  const home = environment.JAVA_HOME;
  const candidates = home ? [`${home}/bin/java`, 'java'] : ['java'];
  let found: string | undefined;
  for (const java of candidates) {
    const version = await versionOf(java);
    if (version === undefined) continue;
    if (version >= MINIMUM_JAVA) return java;
    found = `Java ${version}`;
  }
  throw new LocalSetupError(
    'LOCAL_NO_JAVA',
    `Kafka needs Java ${MINIMUM_JAVA} or newer; ${found ? `found ${found}` : 'none was found'}. ` +
      'Install one (Debian: apt-get install openjdk-17-jre-headless; macOS: brew install openjdk) ' +
      'or set KAFKA_BROKERS to use a cluster that runs already.',
  );
}

async function versionOf(java: string): Promise<number | undefined> {
  const result = await runCommand(java, ['-version']).catch(notThere);
  const version = /version "(?:1\.)?(\d+)/.exec(result?.output ?? '')?.[1];
  return version === undefined ? undefined : Number(version);
}

/** For a program that is not installed; any other failure to start it is an error. */
export function notThere(error: NodeJS.ErrnoException): undefined {
  if (error.code === 'ENOENT' || error.code === 'EACCES') return undefined;
  throw error;
}
