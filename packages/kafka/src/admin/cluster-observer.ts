import { Admin } from '@platformatic/kafka';
import { clientOptions, closeClient, type KafkaOptions, rotate } from '../connection.ts';
import { within } from '../deadline.ts';
import { toLogError } from '../errors.ts';
import type { ClusterObservation } from './cluster-observation.ts';
import type { ConsumerGroup } from './consumer-group.ts';
import { type Bounds, describeGroups } from './describe-groups.ts';
import { observeTopics } from './observe-topics.ts';

/** One look, over all of its requests. */
const LOOK_DEADLINE_MS = 8_000;

/** One request: a broker that takes longer is taken to hang. */
const REQUEST_TIMEOUT_MS = 3_000;

/**
 * Looks at a cluster again and again, with few requests and no second tries: whoever looks on an
 * interval has the next look for that. After a failed look it goes on with a client made anew, which
 * starts with another bootstrap broker.
 */
export interface ClusterObserver extends AsyncDisposable {
  /** Brokers, topics, replicas and offsets. Rejects with LogError when no broker says. */
  observe(): Promise<ClusterObservation>;
  /**
   * Every consumer group of the classic protocol, by name, its lag reckoned with the offsets of an
   * observation: a partition whose offsets are not known has none. Rejects with LogError.
   */
  observeGroups(observation: ClusterObservation): Promise<readonly ConsumerGroup[]>;
}

export function createClusterObserver(options: KafkaOptions): ClusterObserver {
  const closing = new AbortController();
  let failures = 0;
  let client: Admin | undefined;

  const connect = (): Admin =>
    new Admin({
      ...clientOptions(options, rotate(options.brokers, failures)),
      requestTimeout: REQUEST_TIMEOUT_MS,
      retries: 0,
    });

  async function drop(): Promise<void> {
    const dropped = client;
    client = undefined;
    if (dropped === undefined) return;
    // Unlike a Consumer's, its close takes no `force`: it would take that for a callback.
    const closable = { connections: dropped.connections, close: () => dropped.close() };
    await closeClient(closable, options.logger);
  }

  async function look<T>(what: string, run: (admin: Admin) => Promise<T>): Promise<T> {
    client ??= connect();
    try {
      return await within(run(client), LOOK_DEADLINE_MS, closing.signal, what);
    } catch (error) {
      failures++;
      await drop();
      throw toLogError(error, what);
    }
  }

  return {
    observe: () => look('looking at topics', observeTopics),
    observeGroups: (observation) =>
      look('looking at groups', (admin) =>
        describeGroups({ ask: (_what, call) => call(admin) }, async () => boundsOf(observation)),
      ),
    async [Symbol.asyncDispose]() {
      closing.abort();
      await drop();
    },
  };
}

function boundsOf({ topics }: ClusterObservation): Bounds {
  return new Map(
    topics.map(({ name, partitions }) => {
      const known = partitions.flatMap(({ partition, offsets }) =>
        offsets === undefined ? [] : [{ partition, ...offsets }],
      );
      return [
        name,
        {
          earliest: new Map(known.map(({ partition, earliest }) => [partition, earliest])),
          latest: new Map(known.map(({ partition, end }) => [partition, end])),
        },
      ];
    }),
  );
}
