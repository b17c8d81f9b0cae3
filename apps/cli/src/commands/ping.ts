import type { LogReader } from '@sori/stream';
import { type Command, InvalidArgumentError } from 'commander';
import { EXIT } from '../errors.ts';
import { output } from '../output.ts';
import type { Percentiles } from '../ping/percentiles.ts';
import { type PingResult, ping } from '../ping/ping.ts';
import { findSystem, knowsBrokers, withKafka } from '../system/connection.ts';
import { untilInterrupted } from '../system/lifetime.ts';

const COUNT = 100;
/** One after another, as a person writes: more would measure how one hot room queues up. */
const CONCURRENCY = 1;
const PROGRESS_EVERY_MS = 2_000;

/** `sori ping`: messages through the running system, as a person would send and see them. */
export function addPingCommand(program: Command): void {
  program
    .command('ping')
    .description('send messages through the running system and watch them arrive')
    .option('--count <n>', 'how many messages', positive, COUNT)
    .option('--concurrency <n>', 'requests under way at a time', positive, CONCURRENCY)
    .option('--json', 'print { count, failed, lost, duplicated, reordered, ackMs, … } as JSON')
    .addHelpText(
      'after',
      `
Two people sign in (development mode), open a room and their streams; one sends. Times count from
the request's start: to its 201 (ack), to the record in notification.events (notified), to the
other's stream (delivered). Exits with 1 if anything was refused, lost, shown twice or out of order.

Examples:
  sori ping
  sori ping --count 1000 --json`,
    )
    .action(async (options: Options) => {
      using interruption = untilInterrupted();
      const { signal } = interruption;
      const { count, concurrency } = options;
      const system = await findSystem(process.env);
      const onProgress = every(PROGRESS_EVERY_MS, (acknowledged) =>
        output.note(`${acknowledged} of ${count} acknowledged`),
      );
      const pingWith = (reader: LogReader | undefined): Promise<PingResult> =>
        ping({ ...system, count, concurrency, reader, onProgress, signal });
      const result = (await knowsBrokers(process.env))
        ? await withKafka(process.env, 'sori-ping', (kafka) => pingWith(kafka.reader()))
        : await pingWith(undefined);
      if (options.json) output.json(result);
      else print(result);
      if (!isClean(result)) process.exitCode = EXIT.error;
    });
}

interface Options {
  readonly count: number;
  readonly concurrency: number;
  readonly json?: boolean;
}

function isClean({ failed, lost, duplicated, reordered }: PingResult): boolean {
  return failed + lost + duplicated + reordered === 0;
}

function print(result: PingResult): void {
  const row = (name: string, times: Percentiles | undefined): readonly (string | number)[] => [
    name,
    times?.p50 ?? '—',
    times?.p99 ?? '—',
    times?.max ?? '—',
  ];
  output.table(
    ['ms', 'p50', 'p99', 'max'],
    [
      row('acknowledged', result.ackMs),
      row('notified', result.notifiedMs),
      row('delivered', result.deliveredMs),
    ],
  );
  const { count, failed, lost, duplicated, reordered } = result;
  output.line(
    `\n${count} sent: ${failed} failed, ${lost} lost, ${duplicated} duplicated, ${reordered} reordered`,
  );
  for (const [code, times] of Object.entries(result.failures)) output.line(`  ${code}: ${times}`);
}

function positive(text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw new InvalidArgumentError('a whole number of at least 1');
}

/** Passes on at most one call in so many milliseconds. */
function every(ms: number, call: (value: number) => void): (value: number) => void {
  let last = performance.now();
  return (value) => {
    if (performance.now() - last < ms) return;
    last = performance.now();
    call(value);
  };
}
