import { catalog } from '@sori/chat-events';
import type { AnyEventDefinition } from '@sori/contract';
import type { Command } from 'commander';
import { CommandError, EXIT } from '../errors.ts';
import { findEventType } from '../event-type.ts';
import { output } from '../output.ts';
import { didYouMean } from '../suggestion.ts';
import { addEventsAsyncApi } from './events-asyncapi.ts';
import { addEventsCheck } from './events-check.ts';

/** `sori events`: the event types of the catalog. */
export function addEventsCommand(program: Command): void {
  const events = program
    .command('events')
    .description('the event types of the catalog')
    .addHelpText(
      'after',
      '\nExamples:\n  sori events list\n  sori events show message.chat.sent\n  sori events check',
    );
  events
    .command('list')
    .description('every event type, with its topic, key and version')
    .option('--topic <name>', 'only those of one topic')
    .option('--json', 'print [{ type, version, topic, key, description, dataschema, schema }]')
    .addHelpText(
      'after',
      '\nExamples:\n  sori events list\n  sori events list --topic message.events --json',
    )
    .action((options: { readonly topic?: string; readonly json?: boolean }) => {
      const found = eventsOf(options.topic);
      if (options.json) {
        output.json(found.map(describe));
        return;
      }
      output.table(
        ['type', 'version', 'topic', 'key', 'what happened'],
        found.map((event) => [
          event.type,
          event.version,
          event.topic.name,
          event.keyField ?? '—',
          event.description,
        ]),
      );
    });
  events
    .command('show')
    .description('one event type, with the JSON Schema of its data')
    .argument('<type>', 'as message.chat.sent')
    .option('--json', 'print { type, version, topic, key, description, dataschema, schema }')
    .addHelpText('after', '\nExamples:\n  sori events show message.chat.sent')
    .action((type: string, options: { readonly json?: boolean }) => {
      const event = findEventType(type);
      if (options.json) {
        output.json(describe(event));
        return;
      }
      output.line(`${event.type}, version ${event.version}: ${event.description}`);
      output.line(`on ${event.topic.name}, key ${event.keyField ?? 'none'}, ${event.dataschema}\n`);
      output.json(event.schema);
    });
  addEventsCheck(events);
  addEventsAsyncApi(events);
}

function eventsOf(topic: string | undefined): readonly AnyEventDefinition[] {
  if (topic === undefined) return catalog.events;
  const found = catalog.findTopic(topic);
  if (found !== undefined) return catalog.events.filter((event) => event.topic === found);
  const names = catalog.topics.map(({ name }) => name);
  throw new CommandError(
    'CLI_UNKNOWN_TOPIC',
    `The catalog has no topic "${topic}"${didYouMean(topic, names)}`,
    { exitCode: EXIT.usage },
  );
}

function describe(event: AnyEventDefinition) {
  const { type, version, topic, keyField, description, dataschema, schema } = event;
  return {
    type,
    version,
    topic: topic.name,
    key: keyField ?? null,
    description,
    dataschema,
    schema,
  };
}
