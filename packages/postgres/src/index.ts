export { type ActiveUser, addActiveUsers } from './analytics/add-active-users.ts';
export { addDeadLetters, type DeadLetterCount } from './analytics/add-dead-letters.ts';
export { addEventCounts, type EventCount } from './analytics/add-event-counts.ts';
export { addLatencies, type LatencyCount } from './analytics/add-latencies.ts';
export { addOnlineChanges, type OnlineChange } from './analytics/add-online-changes.ts';
export { addRoomMessages, type RoomMessages } from './analytics/add-room-messages.ts';
export { addUntimely, type UntimelyCount } from './analytics/add-untimely.ts';
export { deleteLeases } from './analytics/delete-leases.ts';
export { deleteWindows, type WindowTable } from './analytics/delete-windows.ts';
export { findLeases, type Lease } from './analytics/find-leases.ts';
export {
  LATENCY_BUCKET_ERROR,
  type LatencyPercentiles,
  latencyBucket,
  latencyPercentiles,
} from './analytics/latency-buckets.ts';
export { listActiveCounts } from './analytics/list-active-counts.ts';
export { listDeadLetterCounts } from './analytics/list-dead-letter-counts.ts';
export {
  listLatencyPercentiles,
  type WindowLatency,
} from './analytics/list-latency-percentiles.ts';
export { listOnlinePeaks } from './analytics/list-online-peaks.ts';
export { listTopRooms } from './analytics/list-top-rooms.ts';
export { listTopicLoads, type TopicLoad } from './analytics/list-topic-loads.ts';
export { listTypeCounts, type TypeCount } from './analytics/list-type-counts.ts';
export { onlineAtEnd, onlinePeaks } from './analytics/online-peaks.ts';
export { putLeases } from './analytics/put-leases.ts';
export { readOnline } from './analytics/read-online.ts';
export { rollOnline } from './analytics/roll-online.ts';
export { sumDeadLetters } from './analytics/sum-dead-letters.ts';
export { sumLatencies, type TopicLatency } from './analytics/sum-latencies.ts';
export { sumTypeLoads, type TypeLoad } from './analytics/sum-type-loads.ts';
export { sumUntimely } from './analytics/sum-untimely.ts';
export { tryPruning } from './analytics/try-pruning.ts';
export {
  DAY,
  HOUR,
  KEPT_SECONDS,
  MINUTE,
  ROOM_HOURS_KEPT_SECONDS,
  SECOND,
  type Window,
  type WindowRange,
  type WindowWidth,
  windowStart,
  windowStarts,
} from './analytics/windows.ts';
export { friendsOf } from './audience/friends-of.ts';
export { listQuiet, type QuietOptions } from './audience/list-quiet.ts';
export { type MembersAtOptions, membersAt } from './audience/members-at.ts';
export { isUniqueViolation } from './connection/errors.ts';
export { createPool, type Pool, type PoolOptions } from './connection/pool.ts';
export type { Queryable, QueryResult, Statement } from './connection/queryable.ts';
export type { Session } from './connection/session.ts';
export { transaction } from './connection/transaction.ts';
export { deleteBlock } from './friends/delete-block.ts';
export { deleteFriendship } from './friends/delete-friendship.ts';
export { deleteRelations } from './friends/delete-relations.ts';
export { findRelation, type Relation } from './friends/find-relation.ts';
export { insertBlock } from './friends/insert-block.ts';
export { listBlocked } from './friends/list-blocked.ts';
export { listBlocksBetween } from './friends/list-blocks-between.ts';
export { type FriendshipWith, listFriendships } from './friends/list-friendships.ts';
export { type Friendship, putFriendship } from './friends/put-friendship.ts';
export { countPassedOver } from './history/count-passed-over.ts';
export { deleteReactions, type ReactionOnMessage } from './history/delete-reactions.ts';
export { deleteReactionsTo } from './history/delete-reactions-to.ts';
export {
  findKnownMessages,
  type KnownMessage,
  type MessageInRoom,
} from './history/find-known-messages.ts';
export { holdActiveBuild } from './history/hold-active-build.ts';
export {
  type HistoryMessageRow,
  insertHistoryMessages,
} from './history/insert-history-messages.ts';
export { insertReactions, type ReactionRow } from './history/insert-reactions.ts';
export { type HistoryMessage, listHistory } from './history/list-history.ts';
export { listReadPositions } from './history/list-read-positions.ts';
export { listRoomActivity, type RoomActivity } from './history/list-room-activity.ts';
export { type HistoryRoom, lockHistoryRooms } from './history/lock-history-rooms.ts';
export { putHistoryRooms } from './history/put-history-rooms.ts';
export { type ReadPosition, raiseReads } from './history/raise-reads.ts';
export { type MessageRevision, reviseHistoryMessages } from './history/revise-history-messages.ts';
export { copyHistory } from './history-build/copy-history.ts';
export { type BuildPartition, beginCopy, forgetCopy } from './history-build/copy-progress.ts';
export { deleteReplaced } from './history-build/delete-replaced.ts';
export { dropMessages } from './history-build/drop-messages.ts';
export { giveUpBuild } from './history-build/give-up-build.ts';
export { HISTORY_PROJECTION, projectionOfBuild } from './history-build/projections.ts';
export {
  lockBuildProgress,
  type PartitionProgress,
  readBuildProgress,
} from './history-build/read-build-progress.ts';
export { lockActiveBuild, switchBuild } from './history-build/switch-build.ts';
export { type HistoryBuilds, takeUpBuild } from './history-build/take-up-build.ts';
export { withRebuildLock } from './history-build/with-rebuild-lock.ts';
export { migrate } from './migrate.ts';
export { appendToOutbox, type OutboxAttributes } from './outbox/append-to-outbox.ts';
export { deletePublished } from './outbox/delete-published.ts';
export { markPublished } from './outbox/mark-published.ts';
export { measureOutbox, type OutboxBacklog } from './outbox/measure-outbox.ts';
export { laneOf, type OutboxRow } from './outbox/outbox-row.ts';
export { parkRow } from './outbox/park-row.ts';
export { type ReadWaitingOptions, readWaiting } from './outbox/read-waiting.ts';
export {
  openRelaySession,
  RELAY_LEASE_MS,
  type RelaySessionOptions,
  tryBecomeRelay,
} from './outbox/relay-session.ts';
export { createRelayWaker, type RelayWaker, type RelayWakerOptions } from './outbox/relay-waker.ts';
export { movePosition } from './projection/move-position.ts';
export { createProjectionStore } from './projection/projection-store.ts';
export { archiveRoom } from './rooms/archive-room.ts';
export { countMembers } from './rooms/count-members.ts';
export { endMembership, type MembershipEnd } from './rooms/end-membership.ts';
export { findDirectRoom } from './rooms/find-direct-room.ts';
export { findMembership, type Membership } from './rooms/find-membership.ts';
export { findMostSenior } from './rooms/find-most-senior.ts';
export { findRoomOfMember } from './rooms/find-room-of-member.ts';
export { findSendingRights, type SendingRights } from './rooms/find-sending-rights.ts';
export { insertMembers, type NewMembers } from './rooms/insert-members.ts';
export { FIRST_MEMBERS_VERSION, insertRoom, type NewRoomRow } from './rooms/insert-room.ts';
export { listMembers, type MemberOfRoom } from './rooms/list-members.ts';
export { listPeopleInRooms } from './rooms/list-people-in-rooms.ts';
export { listRoomsOfMember } from './rooms/list-rooms-of-member.ts';
export { type LockedRoom, lockRoom } from './rooms/lock-room.ts';
export { raiseMembersVersion } from './rooms/raise-members-version.ts';
export { renameRoom } from './rooms/rename-room.ts';
export type { RoomOfMember } from './rooms/room.ts';
export { setMuted } from './rooms/set-muted.ts';
export { setRole } from './rooms/set-role.ts';
export { type Account, findAccount } from './users/find-account.ts';
export { findPeople } from './users/find-people.ts';
export { findPersonByHandle } from './users/find-person-by-handle.ts';
export { insertUser } from './users/insert-user.ts';
export { lockPeople } from './users/lock-people.ts';
export { markUserDeleted } from './users/mark-user-deleted.ts';
export type { Person } from './users/person.ts';
export { searchPeople } from './users/search-people.ts';
export { updateDisplayName } from './users/update-display-name.ts';
