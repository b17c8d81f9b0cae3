import type { LogReader } from '../ports/log-reader.ts';
import type { LogWriter } from '../ports/log-writer.ts';
import type { GroupCoordinator } from '../ports/membership.ts';
import type { TopicPartitionOffset } from '../ports/record.ts';

/**
 * An implementation of the ports under test, and what an operator could do to its log meanwhile.
 * Disposing it disposes every port that it gave out, and removes its topics.
 */
export interface ConformanceLog extends AsyncDisposable {
  /** A new one each time, as if for another process; the same for the other ports. */
  writer(): LogWriter;
  reader(): LogReader;
  coordinator(): GroupCoordinator;
  /** Makes an empty topic of a fresh name, which takes batches of up to 1,048,588 bytes. */
  createTopic(partitions: number): Promise<string>;
  /** Adds partitions, so that the topic has `partitions` in all. */
  growTopic(topic: string, partitions: number): Promise<void>;
  /** Removes records below an offset, as retention does. Resolves when readers see it. */
  deleteRecords(before: TopicPartitionOffset): Promise<void>;
  /** Throws the member of that `memberName` out of its group, as an operator can. */
  removeMember(group: string, memberName: string): Promise<void>;
}

export type OpenConformanceLog = () => Promise<ConformanceLog>;
