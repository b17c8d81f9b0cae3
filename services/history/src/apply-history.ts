import {
  deleteReactions,
  deleteReactionsTo,
  findKnownMessages,
  insertHistoryMessages,
  insertReactions,
  lockHistoryRooms,
  putHistoryRooms,
  type Queryable,
  raiseReads,
  reviseHistoryMessages,
} from '@sori/postgres';
import type { ProjectionBatch } from '@sori/stream';
import { foldHistory, type HistoryChanges, subjectsOf } from './fold.ts';

/** Applies a batch to a build, inside the transaction that moves the position; says what it changed. */
export async function applyHistory(
  transaction: Queryable,
  build: number,
  { records }: Pick<ProjectionBatch, 'records'>,
): Promise<HistoryChanges> {
  const subjects = subjectsOf(records);
  // Locked before the messages are read: what is known of a room stays so.
  const rooms = await lockHistoryRooms(transaction, build, subjects.roomIds);
  const messages = await findKnownMessages(transaction, build, subjects.messages);
  const changes = foldHistory(records, { messages, rooms });
  await putHistoryRooms(transaction, build, changes.rooms);
  await insertHistoryMessages(transaction, build, changes.messages);
  await reviseHistoryMessages(transaction, build, changes.revisions);
  await deleteReactionsTo(transaction, build, changes.cleared);
  await deleteReactions(transaction, build, changes.removedReactions);
  await insertReactions(transaction, build, changes.addedReactions);
  await raiseReads(transaction, build, changes.reads);
  return changes;
}
