import { join } from 'node:path';
import { type Compose, readCompose } from './compose.ts';

const DEPLOY = join(import.meta.dirname, '../..');

/** The two ways to run everything in containers: a cluster that keeps its state itself, or ZooKeeper. */
export type Form = 'kraft' | 'zookeeper';

const FILES: Readonly<Record<Form, string>> = {
  kraft: join(DEPLOY, 'compose.yaml'),
  zookeeper: join(DEPLOY, 'compose.zookeeper.yaml'),
};

/** What must be set before either form starts. */
const REQUIRED: NodeJS.ProcessEnv = {
  SORI_JWT_SECRET: 'a-secret-of-at-least-thirty-two-characters',
  POSTGRES_PASSWORD: 'database',
  GRAFANA_PASSWORD: 'dashboards',
};

/** A form as Compose sees it where nothing but what must be set is set. */
export function composeOf(form: Form): Promise<Compose> {
  return readCompose(FILES[form], REQUIRED);
}
