export type { AssignableMember, AssignableTopic, Assignor } from './assignor/assignor.ts';
export { loadWeighted } from './assignor/load-weighted.ts';
export { systemClock } from './clock.ts';
export type { BreakerOptions } from './consumer/breaker.ts';
export { createConsumer } from './consumer/consumer.ts';
export { classifyFailure, type FailureKind } from './consumer/failure.ts';
export type {
  CommitOptions,
  Consumer,
  ConsumerHealth,
  ConsumerLimits,
  ConsumerOptions,
  HandlerContext,
  Handlers,
  PartitionHealth,
  RecordAppender,
} from './consumer/options.ts';
export type { RetryPolicy } from './consumer/retry-policy.ts';
export {
  type DeadLetterReason,
  decodeDeadLetterHeaders,
  encodeDeadLetterHeaders,
  encodeRedriveHeaders,
  isForAnotherGroup,
  originalHeaders,
  redriveCountOf,
  TARGET_GROUP_HEADER,
} from './dead-letter/headers.ts';
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
export type {
  ProjectedRecord,
  Projection,
  ProjectionBatch,
  ProjectionHealth,
  ProjectionLimits,
  ProjectionOptions,
  ProjectionStore,
} from './projection/options.ts';
export { projectedRecord } from './projection/projected-record.ts';
export { createProjection } from './projection/projection.ts';
export type { PublisherLimits } from './publisher/limits.ts';
export type { Published } from './publisher/pending-record.ts';
export {
  type AppendTarget,
  createPublisher,
  type PublishAttributes,
  type Publisher,
  type PublisherOptions,
} from './publisher/publisher.ts';
