export type { KafkaAdmin } from './admin/admin.ts';
export { type AppliedTopics, applyTopics, type Consent } from './admin/apply-topics.ts';
export type { ChangeClass, TopicChange } from './admin/change.ts';
export type {
  ClusterObservation,
  ObservedPartition,
  ObservedTopic,
} from './admin/cluster-observation.ts';
export type { ClusterObserver } from './admin/cluster-observer.ts';
export type { ClusterState } from './admin/cluster-state.ts';
export type { ConsumerGroup, PartitionLag } from './admin/consumer-group.ts';
export { effectiveRetention } from './admin/effective-retention.ts';
export { exportKafkaTopics } from './admin/export-kafka-topics.ts';
export { exportStrimzi } from './admin/export-strimzi.ts';
export { stateFingerprint } from './admin/fingerprint.ts';
export { isOwned, judgePartition, type Verdict, worstVerdict } from './admin/group-verdict.ts';
export { keptForMs } from './admin/kept-for.ts';
export { planTopics, type TopicsPlan } from './admin/plan-topics.ts';
export { readRecordTimes } from './admin/read-record-times.ts';
export type { KafkaOptions } from './connection.ts';
export { createKafka, type Kafka } from './kafka.ts';
