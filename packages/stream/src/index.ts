export type { AssignableMember, AssignableTopic, Assignor } from './assignor/assignor.ts';
export {
  type AppendOutcome,
  DeliveryFailed,
  DeliveryUnknown,
  DependencyUnavailable,
  LogError,
  type LogErrorReason,
  PublisherOverloaded,
  RecordTooLarge,
  StreamClosed,
} from './errors.ts';
export type { Clock, Timer } from './ports/clock.ts';
export type {
  LogReader,
  LogSink,
  LogSubscription,
  LogSubscriptionOptions,
  RecordBatch,
} from './ports/log-reader.ts';
export type { LogWriter, PartitionWriter, PartitionWriterOptions } from './ports/log-writer.ts';
export type { Logger } from './ports/logger.ts';
export type {
  Assignment,
  GroupCoordinator,
  GroupMember,
  MemberListener,
  MemberOptions,
} from './ports/membership.ts';
export type { ConsumerMetrics, HandledOutcome, PublisherMetrics } from './ports/metrics.ts';
export type {
  LogRecord,
  RecordToAppend,
  TopicPartition,
  TopicPartitionOffset,
} from './ports/record.ts';
