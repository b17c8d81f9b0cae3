import { ComposeError } from './errors.ts';

/** What the images take for themselves: of the JVM and of logging, not of the broker. */
const OF_THE_IMAGE: ReadonlySet<string> = new Set([
  'KAFKA_HEAP_OPTS',
  'KAFKA_OPTS',
  'KAFKA_JMX_OPTS',
  'KAFKA_JVM_PERFORMANCE_OPTS',
  'KAFKA_GC_LOG_OPTS',
  'KAFKA_LOG4J_OPTS',
  'KAFKA_LOG4J_ROOT_LOGLEVEL',
  'KAFKA_LOG4J_LOGGERS',
  'KAFKA_TOOLS_LOG4J_LOGLEVEL',
]);

const PREFIX = 'KAFKA_';

/**
 * The server.properties that apache/kafka and cp-kafka make of a container's environment: KAFKA_X_Y is
 * x.y. Throws ComposeError for a doubled underscore, which one reads as `_` and the other as `-`.
 */
export function brokerSettings(
  environment: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const settings = Object.entries(environment).flatMap(([name, value]) => {
    if (!name.startsWith(PREFIX) || OF_THE_IMAGE.has(name)) return [];
    if (name.includes('__')) throw new ComposeError(`${name}: images differ in what "__" means`);
    return [[name.slice(PREFIX.length).toLowerCase().replaceAll('_', '.'), value]];
  });
  return Object.fromEntries(settings);
}

/** As cp-zookeeper's zookeeper.properties.template names them; those that our files use. */
const ZOOKEEPER_SETTINGS: ReadonlyMap<string, string> = new Map([
  ['ZOOKEEPER_CLIENT_PORT', 'clientPort'],
  ['ZOOKEEPER_TICK_TIME', 'tickTime'],
  ['ZOOKEEPER_MAX_CLIENT_CNXNS', 'maxClientCnxns'],
  ['ZOOKEEPER_ADMIN_ENABLE_SERVER', 'admin.enableServer'],
]);

/** What cp-zookeeper makes of a container's environment, but for its folders. */
export function zooKeeperSettings(
  environment: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const settings = Object.entries(environment).flatMap(([name, value]) => {
    if (!name.startsWith('ZOOKEEPER_')) return [];
    const setting = ZOOKEEPER_SETTINGS.get(name);
    if (setting === undefined) throw new ComposeError(`${name}: not known to cp-zookeeper`);
    return [[setting, value]];
  });
  return Object.fromEntries(settings);
}

/** Where what containers name is on this machine. */
export interface Places {
  /** `127.0.0.1:40001` for a container's host and port; without a host, the broker's own. */
  readonly addressOf: (host: string | undefined, port: number) => string;
  readonly logDirectory: string;
}

const ADDRESS = /([a-z][a-z0-9-]*)?:(\d+)\b/g;

/** The same settings on this machine: addresses and the folder of the log, and nothing else, differ. */
export function onThisMachine(
  settings: Readonly<Record<string, string>>,
  { addressOf, logDirectory }: Places,
): Readonly<Record<string, string>> {
  const moved = Object.entries(settings).map(([name, value]) => {
    if (name === 'log.dirs') return [name, logDirectory];
    const address = (_: string, host: string | undefined, port: string): string =>
      addressOf(host, Number(port));
    return [name, value.replace(ADDRESS, address)];
  });
  return Object.fromEntries(moved);
}

/** Lines of `name=value`, as Java reads a properties file; comments and empty lines left out. */
export function parseProperties(text: string): Readonly<Record<string, string>> {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return Object.fromEntries(
    lines.map((line) => {
      const middle = line.indexOf('=');
      return [line.slice(0, middle), line.slice(middle + 1)];
    }),
  );
}
