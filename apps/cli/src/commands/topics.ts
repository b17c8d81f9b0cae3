import { catalog } from '@sori/chat-events';
import {
  applyTopics,
  type Consent,
  effectiveRetention,
  stateFingerprint,
  type TopicChange,
  type TopicsPlan,
} from '@sori/kafka';
import type { Command } from 'commander';
import { EXIT } from '../errors.ts';
import { bytes, duration, plural } from '../format.ts';
import { output } from '../output.ts';
import { withKafka } from '../system/connection.ts';
import { untilInterrupted } from '../system/lifetime.ts';
import { describeChange } from '../topics/describe-change.ts';
import { makePlan } from '../topics/make-plan.ts';
import { assertStillCurrent, savePlan } from '../topics/saved-plan.ts';
import { addTopicsDrift } from './topics-drift.ts';
import { addTopicsExport } from './topics-export.ts';

const UNKNOWN_SHOWN = 10;
const CLASSES = `
Classes of change: safe; breaks ordering (records of a key would be on two partitions); loses data
(records that are kept now would be deleted); impossible (not by Kafka, or not by this command).
Topics that the catalog does not hold are named and never touched.`;

/** `sori topics`: the catalog's topics on a cluster. */
export function addTopicsCommand(program: Command): void {
  const topics = program
    .command('topics')
    .description('the topics of the catalog on a cluster')
    .addHelpText(
      'after',
      '\nExamples:\n  sori topics list\n  sori topics plan\n  sori topics apply',
    );
  addList(topics);
  addPlan(topics);
  addApply(topics);
  addTopicsDrift(topics);
  addTopicsExport(topics);
}

function addList(topics: Command): void {
  topics
    .command('list')
    .description('the topics of the catalog, and how long they really keep records')
    .option('--json', 'print [{ topic, partitions, replicationFactor, key, …, effective }]')
    .addHelpText('after', '\nExamples:\n  sori topics list\n  sori topics list --json')
    .action((options: { readonly json?: boolean }) => {
      if (!options.json) return printRetention();
      output.json(
        catalog.topics.map(({ name, ...topic }) => ({
          topic: name,
          ...topic,
          effective: effectiveRetention({ name, ...topic }) ?? null,
        })),
      );
    });
}

function addPlan(topics: Command): void {
  topics
    .command('plan')
    .description('what would make the cluster as the catalog says; changes nothing')
    .option('--out <file>', 'also save the plan, for `topics apply <file>`')
    .option('--json', 'print { clusterId, fingerprint, changes, unknownTopics, retention }')
    .addHelpText(
      'after',
      `${CLASSES}

Exit codes: 0 nothing to do, 1 error, 2 usage, 3 there are changes.

Examples:
  sori topics plan
  sori topics plan --out topics.plan.json
  sori topics plan --json || alert "topics have drifted"`,
    )
    .action(async (options: { readonly out?: string; readonly json?: boolean }) => {
      const { plan, state } = await withKafka(process.env, 'sori-topics', (kafka) =>
        makePlan(kafka.admin()),
      );
      if (options.out !== undefined) await savePlan(options.out, plan, state);
      if (options.json) {
        const retention = catalog.topics.map((topic) => ({
          topic: topic.name,
          effective: effectiveRetention(topic) ?? null,
        }));
        output.json({ ...plan, fingerprint: stateFingerprint(state), retention });
      } else {
        printPlan(plan);
      }
      if (plan.changes.length > 0) process.exitCode = EXIT.changes;
    });
}

interface ApplyOptions {
  readonly allowOrderingBreak?: boolean;
  readonly allowDataLoss?: boolean;
  readonly json?: boolean;
}

function addApply(topics: Command): void {
  topics
    .command('apply')
    .description('make the cluster as the catalog says: safe changes, and others with consent')
    .argument('[plan]', 'a saved plan: refused when cluster or catalog have changed since')
    .option('--allow-ordering-break', 'also add partitions to topics with keys')
    .option('--allow-data-loss', 'also make changes after which records are deleted')
    .option('--json', 'print { applied, withheld }')
    .addHelpText(
      'after',
      `${CLASSES}
Applying twice, or twice at once, is the same as applying once.

Exit codes: 0 the cluster is as the catalog says, 1 error, 2 usage, 3 changes were withheld.

Examples:
  sori topics apply
  sori topics apply topics.plan.json
  sori topics apply --allow-ordering-break`,
    )
    .action(async (path: string | undefined, options: ApplyOptions) => {
      using interruption = untilInterrupted();
      const { applied, withheld } = await withKafka(process.env, 'sori-topics', async (kafka) => {
        const admin = kafka.admin();
        if (path !== undefined) {
          const { plan, state } = await makePlan(admin);
          await assertStillCurrent(path, plan, state);
        }
        const consents = consentsOf(options);
        return await applyTopics(admin, catalog, { consents, signal: interruption.signal });
      });
      if (options.json) output.json({ applied, withheld });
      else printApplied(applied, withheld);
      if (withheld.length > 0) process.exitCode = EXIT.changes;
    });
}

function consentsOf(options: ApplyOptions): readonly Consent[] {
  return [
    ...(options.allowOrderingBreak ? (['breaks-ordering'] as const) : []),
    ...(options.allowDataLoss ? (['loses-data'] as const) : []),
  ];
}

function printPlan({ changes, unknownTopics }: TopicsPlan): void {
  printRetention();
  if (unknownTopics.length > 0) {
    const shown = unknownTopics.slice(0, UNKNOWN_SHOWN).join(', ');
    const more = unknownTopics.length > UNKNOWN_SHOWN ? ', …' : '';
    output.line(`\n${plural(unknownTopics.length, 'topic')} not of the catalog: ${shown}${more}`);
  }
  if (changes.length === 0) {
    output.line('\nNothing to do: the cluster is as the catalog says.');
    return;
  }
  output.line(`\n${plural(changes.length, 'change')}:\n`);
  printChanges(changes);
  output.line(`\nApply with: npx sori topics apply${flagsFor(changes)}`);
}

function printApplied(applied: readonly TopicChange[], withheld: readonly TopicChange[]): void {
  if (applied.length > 0) {
    output.line(`${plural(applied.length, 'change')} made:\n`);
    printChanges(applied);
  }
  if (withheld.length > 0) {
    output.line(
      `${applied.length > 0 ? '\n' : ''}${plural(withheld.length, 'change')} withheld:\n`,
    );
    printChanges(withheld);
    const flags = flagsFor(withheld);
    if (flags !== '') output.line(`\nTo make them: npx sori topics apply${flags}`);
  }
  if (applied.length + withheld.length === 0) {
    output.line('Nothing to do: the cluster is as the catalog says.');
  }
}

function printChanges(changes: readonly TopicChange[]): void {
  output.table(['topic', 'change', 'class', ''], changes.map(describeChange));
}

function flagsFor(changes: readonly TopicChange[]): string {
  const classes = new Set(changes.map((change) => change.class));
  return [
    classes.has('breaks-ordering') ? ' --allow-ordering-break' : '',
    classes.has('loses-data') ? ' --allow-data-loss' : '',
  ].join('');
}

/** What is asked of each topic, and what that comes to when the expected load arrives. */
function printRetention(): void {
  output.table(
    ['topic', 'partitions', 'asked to keep', 'keeps, at the expected load', 'limited by'],
    catalog.topics.map((topic) => {
      const { ms, bytes: size } = topic.retention;
      const asked = size === undefined ? duration(ms) : `${duration(ms)}, ${bytes(size)}/partition`;
      const found = effectiveRetention(topic);
      const kept =
        found === undefined
          ? 'the latest of each key'
          : range(duration(found.atLeastMs), duration(found.atMostMs));
      const limit = found?.limitedBy === 'bytes' ? 'size, uncompressed' : (found?.limitedBy ?? '—');
      return [topic.name, topic.partitions, asked, kept, limit];
    }),
  );
}

function range(from: string, to: string): string {
  return from === to ? from : `${from} to ${to}`;
}
