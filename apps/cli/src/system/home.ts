import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { KafkaVariant } from '@sori/local';

const ROOT = fileURLToPath(new URL('../../../..', import.meta.url));

/** Where everything of the local system is kept. Git ignores it. */
export interface Home {
  readonly directory: string;
  /** Of the servers, but for those of another variant; all of it is under this folder. */
  readonly data: string;
  readonly logs: string;
  readonly pids: string;
  readonly state: string;
  /** Holds the process id of the `sori up` that this home belongs to, while it runs. */
  readonly owner: string;
  readonly tokenSecret: string;
  /** Shared by all homes of a checkout: what was downloaded is the same for each. */
  readonly jars: string;
}

/** `SORI_HOME`, or `.sori` of the checkout. */
export function homeOf(environment: NodeJS.ProcessEnv): Home {
  const directory = resolve(environment.SORI_HOME || join(ROOT, '.sori'));
  return {
    directory,
    data: join(directory, 'data'),
    logs: join(directory, 'logs'),
    pids: join(directory, 'pids'),
    state: join(directory, 'system.json'),
    owner: join(directory, 'up.pid'),
    tokenSecret: join(directory, 'jwt.secret'),
    jars: join(ROOT, '.sori', 'jars'),
  };
}

/**
 * Where servers keep their data. Positions in the database are those of one cluster, so each variant
 * has a database of its own beside its brokers.
 */
export function dataOf(home: Home, variant: KafkaVariant): string {
  return variant === 'kraft' ? home.data : join(home.data, variant);
}

/** Every folder that holds pid files of servers. */
export function dataFolders(home: Home): readonly string[] {
  return [dataOf(home, 'kraft'), dataOf(home, 'zookeeper')];
}
