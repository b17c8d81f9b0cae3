import { catalog } from '@sori/chat-events';
import type { RebuildProgress } from '@sori/history';
import { createPool } from '@sori/postgres';
import { createLogger } from '@sori/telemetry';
import type { Command } from 'commander';
import { plural, ranges } from '../format.ts';
import { output } from '../output.ts';
import { findDatabase, withKafka } from '../system/connection.ts';
import { untilInterrupted } from '../system/lifetime.ts';

const NAME = 'sori-rebuild';

/** Milliseconds between two lines about how far it is. */
const PROGRESS_EVERY_MS = 1_000;

/** `sori rebuild history`: what is made from the log, made again. */
export function addRebuildCommand(program: Command): void {
  const rebuild = program.command('rebuild').description('make again what is made from the log');
  rebuild
    .command('history')
    .description('make the history anew from the log, while it is read and written')
    .option(
      '--json',
      'print { build, resumed, copiedMessages, appliedRecords, deletedRows, seconds }',
    )
    .addHelpText(
      'after',
      `
The new rows are made beside those that are read, and take their place when both are equally far:
the service is held back for a moment, and not stopped. Messages whose records the log does not hold
any more are copied as they are. Ctrl-C ends it at any time; run again, it goes on where it was.

Examples:
  sori rebuild history
  KAFKA_BROKERS=a:9092 DATABASE_URL=postgres://… sori rebuild history --json`,
    )
    .action(async (options: { readonly json?: boolean }) => {
      using interruption = untilInterrupted();
      // Loaded when asked for: it brings a whole service's imports.
      const { rebuildHistory } = await import('@sori/history');
      const startedAt = performance.now();
      const url = await findDatabase(process.env);
      const logger = createLogger({ service: NAME, level: 'silent' });
      await using pool = createPool({ url, applicationName: NAME, logger });
      const result = await withKafka(process.env, NAME, (kafka) =>
        rebuildHistory({
          ...{ catalog, pool, logger },
          reader: kafka.reader(),
          signal: interruption.signal,
          onProgress: tellNowAndThen(),
        }),
      );
      const seconds = Math.round((performance.now() - startedAt) / 100) / 10;
      if (options.json) return output.json({ ...result, seconds });
      const { appliedRecords, build, copiedMessages } = result;
      output.line(
        `build ${build} is read now: ${plural(appliedRecords, 'record')} of the log applied, ` +
          `${plural(copiedMessages, 'older message')} copied, in ${seconds} s`,
      );
    });
}

/** Says how far it is at most once in a while, and every new phase. */
function tellNowAndThen(): (progress: RebuildProgress) => void {
  let phase: string | undefined;
  let toldAt = Number.NEGATIVE_INFINITY;
  return (progress) => {
    const now = performance.now();
    if (progress.phase === phase && now - toldAt < PROGRESS_EVERY_MS) return;
    phase = progress.phase;
    toldAt = now;
    output.note(sentenceOf(progress));
  };
}

function sentenceOf(progress: RebuildProgress): string {
  const { appliedRecords, behindRecords, copiedMessages, deletedRows, waitingPartitions } =
    progress;
  switch (progress.phase) {
    case 'deleting':
      return `deleting rows that are read no more: ${deletedRows}`;
    case 'switching':
      return 'putting the new rows in place';
    case 'building': {
      const behind = behindRecords === undefined ? '' : `, ${behindRecords} behind`;
      const waiting =
        waitingPartitions.length === 0
          ? ''
          : `; partitions ${ranges(waitingPartitions.toSorted((a, b) => a - b))} wait for the history ` +
            "service to read up to the log's beginning";
      return `building: ${copiedMessages} copied, ${appliedRecords} applied${behind}${waiting}`;
    }
  }
}
