import { catalog } from '@sori/chat-events';
import { applyTopics } from '@sori/kafka';
import { CommandError } from '../errors.ts';
import { withKafka } from '../system/connection.ts';
import type { Progress } from '../system/progress.ts';

/**
 * Makes the cluster's topics as the catalog says, but for what would lose data or break ordering,
 * which it names. Throws CommandError where a topic cannot be made.
 */
export async function applyCatalog(
  brokers: readonly string[],
  progress: Progress,
  signal: AbortSignal,
): Promise<void> {
  const environment = { KAFKA_BROKERS: brokers.join(',') };
  const { withheld } = await withKafka(environment, 'sori-up', (kafka) =>
    applyTopics(kafka.admin(), catalog, { signal }),
  );
  const missing = withheld.filter(({ kind }) => kind === 'create');
  if (missing.length > 0) {
    const names = missing.map(({ topic }) => topic).join(', ');
    throw new CommandError(
      'CLI_TOPICS_IMPOSSIBLE',
      `Topics cannot be created: ${names} (${missing[0]?.reason}).`,
    );
  }
  if (withheld.length > 0) {
    const names = [...new Set(withheld.map(({ topic }) => topic))].join(', ');
    progress.note(`not as the catalog says: ${names}; see npx sori topics plan`);
  }
}
