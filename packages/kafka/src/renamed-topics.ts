import type {
  Assignor,
  GroupCoordinator,
  LogReader,
  LogSink,
  LogWriter,
  TopicPartition,
} from '@sori/stream';

/**
 * For tests only: ports on topics whose names begin with `prefix`. Code under test sees the names without
 * it, as a catalog has them, and meets no other test's records on the cluster that they share.
 */
export function renamedTopics(prefix: string) {
  const there = <T extends TopicPartition>(place: T): T => ({
    ...place,
    topic: `${prefix}${place.topic}`,
  });
  const here = <T extends TopicPartition>(place: T): T => ({
    ...place,
    topic: place.topic.slice(prefix.length),
  });
  const sinkFor = (sink: LogSink): LogSink => ({
    records: (batch) => sink.records({ ...here(batch), records: batch.records.map(here) }),
    outOfRange: (event) => sink.outOfRange({ ...event, partition: here(event.partition) }),
    failing: (event) => sink.failing({ ...event, partitions: event.partitions.map(here) }),
    recovered: (event) => sink.recovered({ partitions: event.partitions.map(here) }),
  });
  const assignorFor = (assignor: Assignor): Assignor => ({
    name: assignor.name,
    assign(members, topics) {
      const local = members.map((member) => ({
        ...member,
        topics: member.topics.map((topic) => topic.slice(prefix.length)),
      }));
      const localTopics = topics.map((topic) => ({
        ...topic,
        name: topic.name.slice(prefix.length),
      }));
      const assigned = assignor.assign(local, localTopics);
      return new Map([...assigned].map(([id, partitions]) => [id, partitions.map(there)]));
    },
  });
  return {
    writer: (log: LogWriter): LogWriter => ({
      partitionCount: (topic) => log.partitionCount(`${prefix}${topic}`),
      openPartition: (target, options) => log.openPartition(there(target), options),
      [Symbol.asyncDispose]: () => log[Symbol.asyncDispose](),
    }),
    reader: (log: LogReader): LogReader => ({
      partitionCount: (topic) => log.partitionCount(`${prefix}${topic}`),
      listOffsets: async (topics, at) =>
        (
          await log.listOffsets(
            topics.map((topic) => `${prefix}${topic}`),
            at,
          )
        ).map(here),
      open({ sink, ...rest }) {
        const subscription = log.open({ ...rest, sink: sinkFor(sink) });
        return {
          assign: (start) => subscription.assign(there(start)),
          unassign: (partition) => subscription.unassign(there(partition)),
          pause: (partition) => subscription.pause(there(partition)),
          resume: (partition) => subscription.resume(there(partition)),
          [Symbol.asyncDispose]: () => subscription[Symbol.asyncDispose](),
        };
      },
      [Symbol.asyncDispose]: () => log[Symbol.asyncDispose](),
    }),
    coordinator: (groups: GroupCoordinator, scope: string): GroupCoordinator => ({
      member(options) {
        const { listener } = options;
        const member = groups.member({
          ...options,
          group: `${scope}${options.group}`,
          topics: options.topics.map((topic) => `${prefix}${topic}`),
          assignor: assignorFor(options.assignor),
          listener: {
            revoking: () => listener.revoking(),
            assigned: (assignment) =>
              listener.assigned({ ...assignment, partitions: assignment.partitions.map(here) }),
            lost: (cause) => listener.lost(cause),
          },
        });
        return {
          join: (signal) => member.join(signal),
          commit: (offsets) => member.commit(offsets.map(there)),
          leave: () => member.leave(),
          get lastHeartbeatAt() {
            return member.lastHeartbeatAt;
          },
          [Symbol.asyncDispose]: () => member[Symbol.asyncDispose](),
        };
      },
      [Symbol.asyncDispose]: () => groups[Symbol.asyncDispose](),
    }),
  };
}
