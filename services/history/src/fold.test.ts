import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { catalog, messageEdited, messageEvents, messageSent } from '@sori/chat-events';
import { type EventDraft, encodeEvent } from '@sori/contract';
import type { KnownMessage, ReactionRow } from '@sori/postgres';
import { type ProjectedRecord, projectedRecord } from '@sori/stream';
import { createMemoryLog } from '@sori/stream/memory';
import fc from 'fast-check';
import { foldHistory, type HistoryBefore, type HistoryChanges, subjectsOf } from './fold.ts';
import { byRoomAndSeq, type FoldedMessage, foldLog } from './testing/fold-log.ts';
import { Talk } from './testing/talk.ts';

/** Keeps rows as the database does. */
class Rows {
  readonly messages = new Map<string, FoldedMessage>();
  readonly reactions = new Map<string, ReactionRow>();
  readonly reads = new Map<string, number>();
  readonly rooms = new Map<string, HistoryBefore['rooms'][number]>();

  before(records: readonly ProjectedRecord[]): HistoryBefore {
    const { messages, roomIds } = subjectsOf(records);
    const known = [...this.messages.values()];
    return {
      rooms: roomIds.flatMap((roomId) => this.rooms.get(roomId) ?? []),
      messages: messages.flatMap(({ roomId, messageId }): readonly KnownMessage[] => {
        const row = known.find((one) => one.roomId === roomId && one.messageId === messageId);
        if (row === undefined) return [];
        return [{ roomId, messageId, seq: row.seq, deleted: row.deletedAt !== null }];
      }),
    };
  }

  apply(changes: HistoryChanges): void {
    for (const room of changes.rooms) this.rooms.set(room.roomId, room);
    for (const { sentAt, editedAt, deletedAt, ...row } of changes.messages) {
      const key = `${row.roomId}/${row.seq}`;
      assert.ok(!this.messages.has(key), 'a number is given once');
      const times = { editedAt: timeOf(editedAt), deletedAt: timeOf(deletedAt) };
      this.messages.set(key, { ...row, sentAt: new Date(sentAt).toISOString(), ...times });
    }
    for (const { roomId, seq, text, editedAt, deletedAt } of changes.revisions) {
      const row = this.messages.get(`${roomId}/${seq}`);
      assert.ok(row?.deletedAt === null, 'only what is there and not deleted is revised');
      row.text = text;
      row.editedAt = timeOf(editedAt) ?? row.editedAt;
      row.deletedAt = timeOf(deletedAt);
    }
    const keyOf = ({ roomId, seq, emoji, userId }: Omit<ReactionRow, 'offset'>) =>
      `${roomId}/${seq} ${emoji} ${userId}`;
    for (const { roomId, seq } of changes.cleared) {
      for (const key of this.reactions.keys()) {
        if (key.startsWith(`${roomId}/${seq} `)) this.reactions.delete(key);
      }
    }
    for (const reaction of changes.removedReactions) this.reactions.delete(keyOf(reaction));
    for (const reaction of changes.addedReactions) {
      const key = keyOf(reaction);
      if (!this.reactions.has(key)) this.reactions.set(key, reaction);
    }
    for (const { roomId, userId, seq } of changes.reads) {
      const key = `${roomId} ${userId}`;
      this.reads.set(key, Math.max(this.reads.get(key) ?? 0, seq));
    }
  }
}

function timeOf(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}

function record(offset: number, draft: EventDraft, time = '2026-01-27T00:00:00Z') {
  const event = encodeEvent(draft, { id: `event-${offset}`, source: '/sori/test', time });
  const place = { topic: messageEvents.name, partition: 0, offset, timestamp: 0 };
  return projectedRecord(catalog, { ...place, ...event });
}

const NOTHING: HistoryBefore = { messages: [], rooms: [] };
const IN_ROOM = { roomId: 'room', userId: 'user', membersVersion: 1, messageId: 'message' };

describe('the fold', () => {
  test('gives the same rows however the records are cut into batches', () => {
    fc.assert(
      fc.property(fc.nat(), fc.array(fc.integer({ min: 1, max: 40 })), (seed, sizes) => {
        const topics = { [messageEvents.name]: messageEvents.partitions };
        const talk = new Talk(createMemoryLog({ topics }), seed);
        talk.write(250);
        const rows = new Rows();
        const left = [...talk.records];
        for (const size of [...sizes, left.length]) {
          const batch = left.splice(0, size).map((one) => projectedRecord(catalog, one));
          rows.apply(foldHistory(batch, rows.before(batch)));
        }
        const expected = foldLog(talk.records);
        assert.deepEqual([...rows.messages.values()].toSorted(byRoomAndSeq), expected.messages);
        const reactions = [...rows.reactions].map(([key, { offset }]) => `${key} ${offset}`);
        assert.deepEqual(reactions.sort(), expected.reactions);
        const reads = [...rows.reads].map(([key, seq]) => `${key} ${seq}`);
        assert.deepEqual(reads.sort(), expected.reads);
      }),
      { numRuns: 60 },
    );
  });

  test('says why each record that it passes over is not in the history', () => {
    const sent = messageSent({ ...IN_ROOM, clientMessageId: 'client', text: 'text' });
    const { applied, passedOver } = foldHistory(
      [
        record(0, messageEdited({ ...IN_ROOM, text: 'too early' })),
        record(1, sent),
        record(2, sent),
        record(3, messageEdited({ ...IN_ROOM, roomId: 'other', text: 'of another room' })),
        record(4, messageEdited({ ...IN_ROOM, text: 'in time' })),
      ],
      NOTHING,
    );
    assert.deepEqual(Object.fromEntries(applied), {
      'message.chat.sent': 1,
      'message.chat.edited': 1,
    });
    assert.deepEqual(Object.fromEntries(passedOver), { 'unknown-message': 2, duplicate: 1 });
  });

  test('makes of what a schema allows something that the database takes', () => {
    const sent = messageSent({
      ...{ ...IN_ROOM, membersVersion: 1e300 },
      ...{ clientMessageId: 'client', text: 'text' },
    });
    const { messages } = foldHistory(
      [
        record(0, sent, '+275760-09-13T00:00:00Z'),
        record(1, messageEdited({ ...IN_ROOM, text: 'later' }), '-000001-01-01T00:00:00Z'),
      ],
      NOTHING,
    );
    assert.deepEqual(
      messages.map(({ text, membersVersion, sentAt, editedAt }) => [
        ...[text, membersVersion, sentAt, editedAt],
      ]),
      [['later', 2 ** 31 - 1, Date.parse('9999-12-31T23:59:59.999Z'), 0]],
    );
  });
});
