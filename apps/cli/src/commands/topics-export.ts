import { catalog } from '@sori/chat-events';
import { exportKafkaTopics, exportStrimzi } from '@sori/kafka';
import { type Command, Option } from 'commander';
import { output } from '../output.ts';

interface ExportOptions {
  readonly format: 'kafka-topics' | 'strimzi';
  readonly cluster: string;
}

/** `sori topics export`: the catalog's topics for tools that are not ours. */
export function addTopicsExport(topics: Command): void {
  topics
    .command('export')
    .description("the catalog's topics in the form of another tool; asks no cluster")
    .addOption(
      new Option('--format <format>', 'of which tool')
        .choices(['kafka-topics', 'strimzi'])
        .makeOptionMandatory(),
    )
    .option('--cluster <name>', 'the Kafka resource that Strimzi keeps the topics in', 'sori')
    .addHelpText(
      'after',
      `
kafka-topics: a bash script that creates what is missing with Kafka's own tool, at BOOTSTRAP_SERVER.
strimzi: KafkaTopic resources for its topic operator.

Examples:
  sori topics export --format kafka-topics > create-topics.sh
  sori topics export --format strimzi --cluster chat | kubectl apply -f -`,
    )
    .action(({ format, cluster }: ExportOptions) => {
      const text =
        format === 'strimzi' ? exportStrimzi(catalog, { cluster }) : exportKafkaTopics(catalog);
      output.line(text.trimEnd());
    });
}
