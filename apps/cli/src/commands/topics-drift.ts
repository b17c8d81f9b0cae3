import type { KafkaAdmin } from '@sori/kafka';
import type { Command } from 'commander';
import { EXIT } from '../errors.ts';
import { plural } from '../format.ts';
import { type Output, output } from '../output.ts';
import { withKafka } from '../system/connection.ts';
import { describeChange } from '../topics/describe-change.ts';
import { makePlan } from '../topics/make-plan.ts';

/** `sori topics drift`: a plan for cron and CI. */
export function addTopicsDrift(topics: Command): void {
  topics
    .command('drift')
    .description('what differs between the cluster and the catalog; silent when nothing does')
    .option('--json', 'print { clusterId, changes }, also when nothing differs')
    .addHelpText(
      'after',
      `
For cron and CI. Topics that the catalog does not hold are no drift: see sori topics plan.

Exit codes: 0 the cluster is as the catalog says, 1 error, 2 usage, 3 it has drifted.

Examples:
  sori topics drift
  */15 * * * *  sori topics drift || mail-the-operators
  sori topics drift --json | jq '.changes[] | .topic'`,
    )
    .action(async (options: { readonly json?: boolean }) => {
      process.exitCode = await withKafka(process.env, 'sori-topics', (kafka) =>
        reportDrift(kafka.admin(), options, output),
      );
    });
}

/** Prints what differs, if anything does. Resolves with the exit code. */
export async function reportDrift(
  admin: Pick<KafkaAdmin, 'describeTopics'>,
  { json = false }: { readonly json?: boolean },
  to: Pick<Output, 'json' | 'line' | 'table'>,
): Promise<number> {
  const { clusterId, changes } = (await makePlan(admin)).plan;
  if (json) {
    to.json({ clusterId, changes });
  } else if (changes.length > 0) {
    to.line(
      `Cluster ${clusterId} is not as the catalog says: ${plural(changes.length, 'change')}\n`,
    );
    to.table(['topic', 'change', 'class', ''], changes.map(describeChange));
  }
  return changes.length > 0 ? EXIT.changes : EXIT.ok;
}
