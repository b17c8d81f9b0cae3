import { catalog } from '@sori/chat-events';
import { decodeEvent, type Event, UndecodableRecord } from '@sori/contract';
import type { LogRecord } from '@sori/stream';

/** For tests only: the history that a log means, worked out record by record, without a database. */

export interface FoldedMessage {
  readonly roomId: string;
  readonly seq: number;
  readonly messageId: string;
  readonly userId: string;
  readonly clientMessageId: string;
  text: string | null;
  readonly membersVersion: number;
  readonly versionReached: number;
  readonly sentAt: string;
  editedAt: string | null;
  deletedAt: string | null;
  readonly partition: number;
  readonly offset: number;
}

export interface FoldedHistory {
  readonly messages: readonly FoldedMessage[];
  /** `room/seq emoji user offset` */
  readonly reactions: readonly string[];
  /** `room user seq` */
  readonly reads: readonly string[];
  /** `room lastSeq versionReached` */
  readonly rooms: readonly string[];
  /** `partition reason records` */
  readonly passedOver: readonly string[];
}

interface Data {
  readonly roomId: string;
  readonly userId: string;
  readonly messageId: string;
  readonly membersVersion: number;
  readonly clientMessageId: string;
  readonly text: string;
  readonly emoji: string;
}

/** Records of one partition in order; of different partitions in any. */
export function foldLog(records: readonly LogRecord[]): FoldedHistory {
  const messages: FoldedMessage[] = [];
  const reactions: { on: FoldedMessage; emoji: string; userId: string; offset: number }[] = [];
  const reads: { roomId: string; userId: string; seq: number }[] = [];
  const passedOver: Record<string, number> = {};

  const inRoom = (roomId: string) => messages.filter((message) => message.roomId === roomId);
  const read = ({ roomId, userId }: Data, seq: number): void => {
    const known = reads.find((one) => one.roomId === roomId && one.userId === userId);
    if (known === undefined) reads.push({ roomId, userId, seq });
    else known.seq = Math.max(known.seq, seq);
  };

  function apply(record: LogRecord): string | undefined {
    let event: Event;
    try {
      event = decodeEvent(record, catalog.findEvent);
    } catch (error) {
      if (error instanceof UndecodableRecord) return error.reason;
      throw error;
    }
    if (!event.type.startsWith('message.')) return 'other-type';
    const data = event.data as Data;
    const { partition, offset } = record;
    const time = new Date(event.time).toISOString();
    const known = inRoom(data.roomId).find(({ messageId }) => messageId === data.messageId);
    if (event.type === 'message.chat.sent') {
      if (known !== undefined) return 'duplicate';
      const before = inRoom(data.roomId);
      const { roomId, messageId, userId, clientMessageId, membersVersion } = data;
      const versions = [membersVersion, ...before.map((message) => message.membersVersion)];
      messages.push({
        ...{ roomId, messageId, userId, clientMessageId, membersVersion, partition, offset },
        ...{ seq: before.length + 1, versionReached: Math.max(...versions), sentAt: time },
        ...{ text: data.text, editedAt: null, deletedAt: null },
      });
      read(data, before.length + 1);
      return undefined;
    }
    if (known === undefined) return 'unknown-message';
    if (event.type === 'message.receipt.read') {
      read(data, known.seq);
      return undefined;
    }
    if (known.deletedAt !== null) return 'deleted-message';
    const index = reactions.findIndex(
      ({ on, emoji, userId }) => on === known && emoji === data.emoji && userId === data.userId,
    );
    if (event.type === 'message.chat.edited') {
      known.text = data.text;
      known.editedAt = time;
    } else if (event.type === 'message.chat.deleted') {
      known.text = null;
      known.deletedAt = time;
      for (const reaction of [...reactions]) {
        if (reaction.on === known) reactions.splice(reactions.indexOf(reaction), 1);
      }
    } else if (event.type === 'message.reaction.added') {
      const { emoji, userId } = data;
      if (index === -1) reactions.push({ on: known, emoji, userId, offset });
    } else if (index !== -1) reactions.splice(index, 1);
    return undefined;
  }

  for (const record of records) {
    const reason = apply(record);
    if (reason === undefined) continue;
    const key = `${record.partition} ${reason}`;
    passedOver[key] = (passedOver[key] ?? 0) + 1;
  }
  const roomIds = [...new Set(messages.map(({ roomId }) => roomId))];
  return {
    messages: messages.toSorted(byRoomAndSeq),
    reactions: reactions
      .map(({ on, emoji, userId, offset }) => `${on.roomId}/${on.seq} ${emoji} ${userId} ${offset}`)
      .sort(),
    reads: reads.map(({ roomId, userId, seq }) => `${roomId} ${userId} ${seq}`).sort(),
    rooms: roomIds
      .map((roomId) => {
        const last = inRoom(roomId).at(-1);
        return `${roomId} ${last?.seq} ${last?.versionReached}`;
      })
      .sort(),
    passedOver: Object.entries(passedOver)
      .map(([key, times]) => `${key} ${times}`)
      .sort(),
  };
}

export function byRoomAndSeq(a: FoldedMessage, b: FoldedMessage): number {
  if (a.roomId !== b.roomId) return a.roomId < b.roomId ? -1 : 1;
  return a.seq - b.seq;
}
