import { type Admin, ListOffsetTimestamps } from '@platformatic/kafka';
import { metadataIn, toOffset } from '../cluster-view.ts';
import { gotNoAnswer } from '../errors.ts';
import type {
  ClusterObservation,
  ObservedOffsets,
  ObservedPartition,
  ObservedTopic,
} from './cluster-observation.ts';
import { topicNames } from './describe-topics.ts';

/**
 * Between two requests a topic may be deleted or a leader move, and the second is refused: then all
 * is asked again, so often.
 */
const ATTEMPTS = 3;

/**
 * Brokers, topics and offsets. A broker that does not answer costs its own partitions' offsets and
 * nothing else; rejects when none answers.
 */
export async function observeTopics(admin: Admin): Promise<ClusterObservation> {
  for (let attempt = 1; ; attempt++) {
    const isLast = attempt === ATTEMPTS;
    try {
      const layout = await readLayout(admin);
      const answers = await readAllOffsets(admin, layout.topics);
      const isMoving = answers.some(({ error }) => error !== undefined && !gotNoAnswer(error));
      if (!isMoving || isLast) return toObservation(layout, answers);
    } catch (error) {
      if (isLast || gotNoAnswer(error)) throw error;
    }
  }
}

/** What the leader of some partitions said of them, or why it did not. */
interface Answer {
  readonly leader: number;
  readonly offsets: ReadonlyMap<string, ObservedOffsets>;
  readonly error?: unknown;
}

async function readAllOffsets(
  admin: Admin,
  topics: readonly TopicLayout[],
): Promise<readonly Answer[]> {
  const leaders = new Set(
    topics.flatMap(({ partitions }) => partitions.flatMap(({ leader }) => leader ?? [])),
  );
  const answers = await Promise.all(
    Array.from(leaders, async (leader): Promise<Answer> => {
      try {
        return { leader, offsets: await readOffsets(admin, partitionsLedBy(topics, leader)) };
      } catch (error) {
        return { leader, offsets: new Map(), error };
      }
    }),
  );
  const [first] = answers;
  if (first !== undefined && answers.every(({ error }) => error !== undefined)) throw first.error;
  return answers;
}

function toObservation(
  { brokers, topics }: Layout,
  answers: readonly Answer[],
): ClusterObservation {
  const offsets = new Map(answers.flatMap((answer) => [...answer.offsets]));
  const silent = new Set(
    answers.filter(({ error }) => gotNoAnswer(error)).map(({ leader }) => leader),
  );
  const replicas = topics.flatMap(({ partitions }) => partitions.flatMap((of) => of.replicas));
  return {
    brokers: Array.from(new Set([...brokers, ...replicas]))
      .toSorted((a, b) => a - b)
      .map((id) => ({ id, isUp: brokers.has(id) && !silent.has(id) })),
    topics: topics.map((topic) => ({
      ...topic,
      partitions: topic.partitions.map((partition) => ({
        ...partition,
        offsets: offsets.get(keyOf(topic.name, partition.partition)),
      })),
    })),
  };
}

type PartitionLayout = Omit<ObservedPartition, 'offsets'>;

interface TopicLayout extends Omit<ObservedTopic, 'partitions'> {
  readonly partitions: readonly PartitionLayout[];
}

interface Layout {
  readonly brokers: ReadonlySet<number>;
  readonly topics: readonly TopicLayout[];
}

async function readLayout(admin: Admin): Promise<Layout> {
  const names = await topicNames(admin);
  try {
    const { brokers, topics } = await admin.metadata({ topics: [...names], forceUpdate: true });
    return {
      brokers: new Set(brokers.keys()),
      topics: Array.from(topics, ([name, { id, partitions }]) => ({
        name,
        id,
        partitions: partitions.map(({ leader, replicas, isr }, partition) => ({
          partition,
          leader: nodeOrNone(leader),
          replicas,
          inSync: isr,
        })),
      })),
    };
  } catch (error) {
    const partial = partialLayout(error);
    if (partial === undefined) throw error;
    return partial;
  }
}

/** The client throws a whole answer away when one partition has no leader; it is in the error. */
function partialLayout(error: unknown): Layout | undefined {
  const answer = metadataIn(error);
  if (answer === undefined) return undefined;
  return {
    brokers: new Set(answer.brokers.map(({ nodeId }) => nodeId)),
    topics: answer.topics
      .filter(({ partitions, isInternal }) => partitions.length > 0 && !isInternal)
      .map(({ name, topicId, partitions }) => ({
        name,
        id: topicId,
        partitions: partitions
          .toSorted((a, b) => a.partitionIndex - b.partitionIndex)
          .map(({ partitionIndex, leaderId, replicaNodes, isrNodes }) => ({
            partition: partitionIndex,
            leader: nodeOrNone(leaderId),
            replicas: replicaNodes,
            inSync: isrNodes,
          })),
      })),
  };
}

/** Below 0 is Kafka's way to say that there is none. */
function nodeOrNone(node: number): number | undefined {
  return node < 0 ? undefined : node;
}

interface LedTopic {
  readonly name: string;
  readonly partitions: readonly number[];
}

function partitionsLedBy(topics: readonly TopicLayout[], leader: number): readonly LedTopic[] {
  return topics
    .map(({ name, partitions }) => ({
      name,
      partitions: partitions
        .filter((partition) => partition.leader === leader)
        .map(({ partition }) => partition),
    }))
    .filter(({ partitions }) => partitions.length > 0);
}

async function readOffsets(
  admin: Admin,
  led: readonly LedTopic[],
): Promise<ReadonlyMap<string, ObservedOffsets>> {
  const [earliest, latest] = await Promise.all([
    listOffsets(admin, led, ListOffsetTimestamps.EARLIEST),
    listOffsets(admin, led, ListOffsetTimestamps.LATEST),
  ]);
  return new Map(
    Array.from(earliest).flatMap(([key, first]) => {
      const end = latest.get(key);
      // Asked at the same time, the end may be the older answer of the two.
      return end === undefined ? [] : [[key, { earliest: first, end: Math.max(first, end) }]];
    }),
  );
}

async function listOffsets(
  admin: Admin,
  led: readonly LedTopic[],
  timestamp: bigint,
): Promise<ReadonlyMap<string, number>> {
  const listed = await admin.listOffsets({
    topics: led.map(({ name, partitions }) => ({
      name,
      partitions: partitions.map((partitionIndex) => ({ partitionIndex, timestamp })),
    })),
  });
  return new Map(
    listed.flatMap(({ name, partitions }) =>
      partitions.map(({ partitionIndex, offset }): [string, number] => [
        keyOf(name, partitionIndex),
        toOffset(offset),
      ]),
    ),
  );
}

function keyOf(topic: string, partition: number): string {
  return `${topic}/${partition}`;
}
