import { LogError, type Logger } from '@sori/stream';
import type { ClusterView } from '../cluster-view.ts';
import type { PartitionCounts } from './member-data.ts';

/**
 * The topics a member subscribes to, and how many partitions the group was told they have. The client
 * cannot join with a topic that does not exist; such a topic waits until it does, and the others
 * are read meanwhile.
 */
export class SubscribedTopics {
  readonly #view: ClusterView;
  readonly #topics: readonly string[];
  readonly #logger: Logger;
  #missing: readonly string[] = [];
  #said: PartitionCounts = new Map();

  constructor(view: ClusterView, topics: readonly string[], logger: Logger) {
    this.#view = view;
    this.#topics = Array.from(new Set(topics));
    this.#logger = logger;
  }

  /** Those that exist now. Rejects with LogError: `unknown-topic` if none does. */
  async existing(): Promise<readonly string[]> {
    const counts = await this.#describe();
    const missing = this.#topics.filter((topic) => !counts.has(topic));
    if (counts.size === 0) {
      throw new LogError('unknown-topic', `of the topics ${this.#topics.join(', ')} none exists`);
    }
    if (missing.length > 0 && missing.join() !== this.#missing.join()) {
      this.#logger.warn({ missing }, 'topics do not exist; they are read once they do');
    }
    this.#missing = missing;
    return Array.from(counts.keys());
  }

  /** What the member told the group when it joined. */
  said(partitions: PartitionCounts): void {
    this.#said = partitions;
  }

  /** The counts of today, if the group was told others; undefined also while none can be had. */
  async changed(): Promise<PartitionCounts | undefined> {
    let counts: PartitionCounts;
    try {
      counts = await this.#describe();
    } catch {
      // Asked again soon; whether brokers are away is said by those who need them.
      return undefined;
    }
    const said = this.#said;
    const differs = Array.from(counts).some(([topic, count]) => said.get(topic) !== count);
    return differs ? counts : undefined;
  }

  /** Topics that do not exist are left out. */
  async #describe(): Promise<PartitionCounts> {
    const counts = await Promise.all(
      this.#topics.map(async (topic): Promise<readonly [string, number | undefined]> => {
        try {
          return [topic, (await this.#view.describeTopicOnce(topic)).leaders.length];
        } catch (error) {
          if (error instanceof LogError && error.reason === 'unknown-topic') {
            return [topic, undefined];
          }
          throw error;
        }
      }),
    );
    return new Map(
      counts.flatMap(([topic, count]) => (count === undefined ? [] : [[topic, count] as const])),
    );
  }
}
