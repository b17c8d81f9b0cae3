import { catalog } from '@sori/chat-events';
import type { LogRecord } from '@sori/stream';
import { type Command, InvalidArgumentError } from 'commander';
import { CommandError, EXIT } from '../errors.ts';
import { findEventType } from '../event-type.ts';
import { output } from '../output.ts';
import { didYouMean } from '../suggestion.ts';
import { withKafka } from '../system/connection.ts';
import { untilInterrupted } from '../system/lifetime.ts';
import { describeRecord, recordLines } from '../tail/describe-record.ts';
import { parseStartAt, type StartAt } from '../tail/start-at.ts';
import { tail } from '../tail/tail.ts';

interface Options {
  readonly from: StartAt;
  readonly partition?: number;
  readonly type?: string;
  readonly key?: string;
  readonly count?: number;
  readonly follow: boolean;
  readonly includeHeaders?: boolean;
  readonly json?: boolean;
}

/** `sori tail`: what topics hold, and what comes. */
export function addTailCommand(program: Command): void {
  program
    .command('tail')
    .description('show the records of topics, as they come')
    .argument('<topic...>', 'of the catalog, or any other of the cluster')
    .option(
      '--from <start>',
      'earliest, latest, an offset, a time, or how long ago',
      start,
      'latest',
    )
    .option('--partition <n>', 'only this partition', wholeNumber)
    .option('--type <type>', 'only events of this type')
    .option('--key <key>', 'only records with this key')
    .option('--count <n>', 'end after so many records', wholeNumber)
    .option('--no-follow', 'end where the topics end now')
    .option('--include-headers', 'show every header')
    .option(
      '--json',
      'print { topic, partition, offset, timestamp, key, type, id, time, data }, one a line',
    )
    .addHelpText(
      'after',
      `
Reads without a group: nobody's offsets move. A record that is no event of the catalog is shown with
the reason. Ctrl-C ends it.

Examples:
  sori tail message.events
  sori tail user.events friend.events --from 15m
  sori tail message.events --from earliest --key room-1 --no-follow --json
  sori tail message.events.dlq --from 2026-01-27T09:00:00Z --include-headers`,
    )
    .action(async (topics: readonly string[], options: Options) => {
      using interruption = untilInterrupted();
      if (options.type !== undefined) assertTypeOn(options.type, topics);
      const withHeaders = options.includeHeaders ?? false;
      await withKafka(process.env, 'sori-tail', async (kafka) => {
        await assertTopicsExist(topics, () => kafka.admin().topicNames());
        await tail({
          ...options,
          reader: kafka.reader(),
          topics: [...new Set(topics)],
          partition: options.partition,
          count: options.count,
          matches: matcher(options),
          onRecord: (record) => {
            const described = describeRecord(record, { withHeaders });
            if (options.json) output.jsonLine(described);
            else for (const line of recordLines(described)) output.line(line);
          },
          onNote: output.note,
          signal: interruption.signal,
        });
      });
    });
}

function matcher({ type, key }: Options): (record: LogRecord) => boolean {
  return (record) => {
    if (key !== undefined && record.key?.toString('utf8') !== key) return false;
    if (type === undefined) return true;
    const header = record.headers.findLast((found) => found.key === 'ce_type');
    return header?.value.toString('utf8') === type;
  };
}

async function assertTopicsExist(
  topics: readonly string[],
  topicNames: () => Promise<readonly string[]>,
): Promise<void> {
  const names = await topicNames();
  for (const topic of topics) {
    if (names.includes(topic)) continue;
    if (catalog.findTopic(topic) !== undefined) {
      throw new CommandError(
        'CLI_TOPIC_NOT_CREATED',
        `The cluster has no topic "${topic}" yet. Create it with: npx sori topics apply`,
      );
    }
    throw new CommandError(
      'CLI_UNKNOWN_TOPIC',
      `The cluster has no topic "${topic}"${didYouMean(topic, names)} See npx sori topics list`,
      { exitCode: EXIT.usage },
    );
  }
}

/** A filter that can never match would wait for ever. */
function assertTypeOn(type: string, topics: readonly string[]): void {
  const home = findEventType(type).topic.name;
  const canHold = (topic: string): boolean => {
    const definition = catalog.findTopic(topic);
    return definition === undefined || [definition.name, definition.deadLettersOf].includes(home);
  };
  if (topics.some(canHold)) return;
  throw new CommandError(
    'CLI_TYPE_ELSEWHERE',
    `Events of type ${type} are on ${home}: npx sori tail ${home} --type ${type}`,
    { exitCode: EXIT.usage },
  );
}

function start(text: string): StartAt {
  const parsed = parseStartAt(text, Date.now());
  if (parsed !== undefined) return parsed;
  throw new InvalidArgumentError(
    'earliest, latest, an offset (120), a time (2026-01-27T09:30:00Z) or how long ago (90s, 15m, 2h)',
  );
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(value)) return value;
  throw new InvalidArgumentError('a whole number');
}
