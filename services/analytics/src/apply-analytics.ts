import type { Catalog } from '@sori/contract';
import {
  addActiveUsers,
  addDeadLetters,
  addEventCounts,
  addLatencies,
  addOnlineChanges,
  addRoomMessages,
  addUntimely,
  findLeases,
  putLeases,
  type Queryable,
} from '@sori/postgres';
import type { ProjectionBatch } from '@sori/stream';
import { type BatchCounts, countBatch } from './fold/count-batch.ts';
import { foldLeases, saidIn } from './fold/leases.ts';

/**
 * Adds a batch to the analytics, inside the transaction that moves its position. `now` in milliseconds
 * since the epoch. Returns what was counted.
 *
 * Partitions share rows. Every transaction takes the tables in this order, and rows in the order of
 * their keys, so that no two wait for each other; those that all of them share come last.
 */
export async function applyAnalytics(
  transaction: Queryable,
  catalog: Catalog,
  batch: ProjectionBatch,
  now: number,
): Promise<BatchCounts> {
  const counts = countBatch(catalog, batch, now);
  await addRoomMessages(transaction, counts.roomMessages);
  await addDeadLetters(transaction, counts.deadLetters);
  await addUntimely(transaction, counts.untimely);
  await applyPresence(transaction, batch);
  await addActiveUsers(transaction, counts.activeUsers);
  await addLatencies(transaction, counts.latencies);
  await addEventCounts(transaction, counts.events);
  return counts;
}

/** A person's sessions are in one partition: whoever holds its position is alone with them. */
async function applyPresence(transaction: Queryable, batch: ProjectionBatch): Promise<void> {
  const said = batch.records.flatMap((projected) => saidIn(projected) ?? []);
  if (said.length === 0) return;
  const userIds = new Set(said.map(({ userId }) => userId));
  const { leases, changes } = foldLeases(said, await findLeases(transaction, [...userIds]));
  await putLeases(transaction, leases);
  await addOnlineChanges(transaction, changes);
}
