import { catalog } from '@sori/chat-events';
import { createPublisher, DeliveryFailed, DeliveryUnknown, type Published } from '@sori/stream';
import { createLogger } from '@sori/telemetry';
import { type Command, InvalidArgumentError } from 'commander';
import { CommandError, EXIT } from '../errors.ts';
import { findEventType } from '../event-type.ts';
import { plural } from '../format.ts';
import { output } from '../output.ts';
import { publishAll } from '../publish/publish-all.ts';
import { readData } from '../publish/read-data.ts';
import { withKafka } from '../system/connection.ts';
import { untilInterrupted } from '../system/lifetime.ts';

const SOURCE = '/sori/cli';

interface Options {
  readonly data: string;
  readonly id?: string;
  readonly time?: string;
  readonly correlationId?: string;
  readonly causationId?: string;
  readonly json?: boolean;
}

/** `sori publish`: events of the catalog into their topics. */
export function addPublishCommand(program: Command): void {
  program
    .command('publish')
    .description('publish an event, or many from standard input')
    .argument('<type>', 'an event type of the catalog: see `sori events list`')
    .requiredOption('--data <json>', 'the event\'s data; "-" reads one JSON object a line')
    .option('--id <id>', "the event's id; the same id again is the same event to its readers")
    .option('--time <time>', 'when it happened, RFC 3339; now unless given', time)
    .option('--correlation-id <id>', 'what it belongs to')
    .option('--causation-id <id>', 'the event that caused it')
    .option('--json', 'print { id, topic, partition, offset, time }, one a line')
    .addHelpText(
      'after',
      `
The data is checked against the catalog before anything is sent, and the topic, key and partition
follow from the type. Done means: every in-sync replica has it.

Examples:
  sori publish user.profile.updated --data '{"userId":"u1","displayName":"소리"}'
  sori publish message.chat.sent --data - < messages.ndjson`,
    )
    .action(async (type: string, options: Options) => {
      using interruption = untilInterrupted();
      const definition = findEventType(type);
      const { data, json, ...attributes } = options;
      if (data === '-' && attributes.id !== undefined) {
        throw new CommandError('CLI_ID_OF_MANY', '--id names one event; --data - reads many.', {
          exitCode: EXIT.usage,
        });
      }
      let count = 0;
      const onPublished = (published: Published): void => {
        count += 1;
        if (json) output.jsonLine(published);
        else if (data !== '-') {
          const { id, topic, partition, offset } = published;
          output.line(`${type} ${id} is at ${topic}-${partition}, offset ${offset}`);
        }
      };
      await withKafka(process.env, 'sori-publish', async (kafka) => {
        const logger = createLogger({ service: 'sori-publish', level: 'silent' });
        const log = kafka.writer();
        await using publisher = createPublisher({ catalog, log, source: SOURCE, logger });
        const { signal } = interruption;
        const values = readData(data, process.stdin);
        try {
          await publishAll(values, { publisher, definition, attributes, onPublished, signal });
        } catch (error) {
          if (data === '-') output.note(`${plural(count, 'event')} published before this:`);
          throw explained(error);
        }
      });
      if (data === '-' && !json) output.line(`${plural(count, 'event')} published`);
    });
}

/** The log's reason where it gave one, for `withKafka` to word; what to do where it gave none. */
function explained(error: unknown): unknown {
  if (error instanceof DeliveryFailed && error.cause instanceof Error) return error.cause;
  if (!(error instanceof DeliveryUnknown)) return error;
  return new CommandError(
    'CLI_DELIVERY_UNKNOWN',
    `${error.message}. Publish it again as the same event with: --id ${error.eventId}`,
    { cause: error },
  );
}

const RFC_3339_UTC = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;

function time(text: string): string {
  if (RFC_3339_UTC.test(text) && !Number.isNaN(Date.parse(text))) return text;
  throw new InvalidArgumentError('a time in UTC, as 2026-01-27T09:30:00Z');
}
