import { setTimeout as delay } from 'node:timers/promises';
import { catalog } from '@sori/chat-events';
import { applyTopics } from '@sori/kafka';
import { CommandError } from '../errors.ts';
import { withKafka } from '../system/connection.ts';
import type { Progress } from '../system/progress.ts';

/** Brokers that have just started do not all know each other yet; after this, more are missing. */
const BROKERS_DEADLINE_MS = 10_000;
const BROKERS_POLL_MS = 250;

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
  const withheld = await withKafka(environment, 'sori-up', async (kafka) => {
    const admin = kafka.admin();
    const deadline = performance.now() + BROKERS_DEADLINE_MS;
    for (;;) {
      const left = (await applyTopics(admin, catalog, { signal })).withheld;
      const isComplete = left.every(({ kind }) => kind !== 'create');
      if (isComplete || performance.now() > deadline) return left;
      await delay(BROKERS_POLL_MS, undefined, { signal });
    }
  });
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
