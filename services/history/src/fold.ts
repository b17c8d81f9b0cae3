import type { UndecodableReason } from '@sori/contract';
import type {
  HistoryMessageRow,
  HistoryRoom,
  KnownMessage,
  MessageInRoom,
  MessageRevision,
  ReactionOnMessage,
  ReactionRow,
  ReadPosition,
} from '@sori/postgres';
import type { LogRecord, ProjectedRecord } from '@sori/stream';
import { isMessageEvent, type MessageEvent, type MessageSent } from './message-event.ts';
import { storableTime, storableVersion } from './storable.ts';

/** Why a record is not in the history. */
export type PassedOverReason =
  | UndecodableReason
  /** It is about a message that is not in the log before it. */
  | 'unknown-message'
  /** It is about a message that was deleted before. */
  | 'deleted-message'
  /** A message that is there already: a second try of a send whose outcome was unknown. */
  | 'duplicate'
  /** An event of the catalog that does not belong to the history. */
  | 'other-type';

/** What the history holds of what a batch is about, before it. */
export interface HistoryBefore {
  readonly messages: readonly KnownMessage[];
  readonly rooms: readonly HistoryRoom[];
}

/** What a batch changes. Deletions of reactions come before additions. */
export interface HistoryChanges {
  readonly messages: readonly HistoryMessageRow[];
  readonly revisions: readonly MessageRevision[];
  /** Deleted messages: all their reactions go. */
  readonly cleared: readonly { readonly roomId: string; readonly seq: number }[];
  readonly removedReactions: readonly ReactionOnMessage[];
  readonly addedReactions: readonly ReactionRow[];
  readonly reads: readonly ReadPosition[];
  readonly rooms: readonly HistoryRoom[];
  /** How many records of each type are in it. */
  readonly applied: ReadonlyMap<string, number>;
  readonly passedOver: ReadonlyMap<PassedOverReason, number>;
}

/** What a fold of the records needs to know first. */
export function subjectsOf(records: readonly ProjectedRecord[]): {
  readonly messages: readonly MessageInRoom[];
  /** Rooms in which something is sent. */
  readonly roomIds: readonly string[];
} {
  const messages = new Map<string, MessageInRoom>();
  const roomIds = new Set<string>();
  for (const { event } of records) {
    if (event === undefined || !isMessageEvent(event)) continue;
    const { roomId, messageId } = event.data;
    messages.set(keyOf(event.data), { roomId, messageId });
    if (event.type === 'message.chat.sent') roomIds.add(roomId);
  }
  return { messages: [...messages.values()], roomIds: [...roomIds] };
}

/**
 * Folds records that follow each other into the history: the same rows come out however they are cut
 * into batches.
 */
export function foldHistory(
  records: readonly ProjectedRecord[],
  before: HistoryBefore,
): HistoryChanges {
  const fold = new HistoryFold(before);
  for (const projected of records) fold.add(projected);
  return fold.changes();
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** A message that the batch is about. */
interface Subject {
  readonly roomId: string;
  readonly seq: number;
  deleted: boolean;
  /** Of one that the batch brings. */
  readonly row?: Mutable<HistoryMessageRow>;
  /** Of one that was there before. */
  revision?: Mutable<MessageRevision>;
}

class HistoryFold {
  readonly #subjects = new Map<string, Subject>();
  readonly #rooms = new Map<string, Mutable<HistoryRoom>>();
  readonly #grown = new Set<string>();
  readonly #cleared: Subject[] = [];
  readonly #removed = new Map<string, ReactionOnMessage>();
  readonly #added = new Map<string, ReactionRow>();
  readonly #reads = new Map<string, ReadPosition>();
  readonly #applied = new Map<string, number>();
  readonly #passedOver = new Map<PassedOverReason, number>();

  constructor({ messages, rooms }: HistoryBefore) {
    for (const { seq, deleted, ...message } of messages) {
      this.#subjects.set(keyOf(message), { roomId: message.roomId, seq, deleted });
    }
    for (const room of rooms) this.#rooms.set(room.roomId, { ...room });
  }

  add(projected: ProjectedRecord): void {
    const { event, record } = projected;
    if (event !== undefined && isMessageEvent(event)) {
      const problem = this.#take(event, record);
      if (problem === undefined) count(this.#applied, event.type);
      else count(this.#passedOver, problem);
    } else count(this.#passedOver, projected.problem ?? 'other-type');
  }

  changes(): HistoryChanges {
    const subjects = [...this.#subjects.values()];
    return {
      messages: subjects.flatMap(({ row }) => row ?? []),
      revisions: subjects.flatMap(({ revision }) => revision ?? []),
      cleared: this.#cleared.map(({ roomId, seq }) => ({ roomId, seq })),
      removedReactions: [...this.#removed.values()],
      addedReactions: [...this.#added.values()],
      reads: [...this.#reads.values()],
      rooms: [...this.#grown].flatMap((roomId) => this.#rooms.get(roomId) ?? []),
      applied: this.#applied,
      passedOver: this.#passedOver,
    };
  }

  #take(event: MessageEvent, record: LogRecord): PassedOverReason | undefined {
    const subject = this.#subjects.get(keyOf(event.data));
    if (event.type === 'message.chat.sent') return this.#send(event, record, subject);
    if (subject === undefined) return 'unknown-message';
    if (event.type === 'message.receipt.read') {
      this.#read(event.data, subject.seq);
      return undefined;
    }
    if (subject.deleted) return 'deleted-message';
    switch (event.type) {
      case 'message.chat.edited':
        revise(subject, {
          text: event.data.text,
          editedAt: storableTime(event.time),
        });
        return undefined;
      case 'message.chat.deleted':
        this.#delete(subject, storableTime(event.time));
        return undefined;
      case 'message.reaction.added':
        this.#react(subject, event.data, record.offset);
        return undefined;
      case 'message.reaction.removed':
        this.#unreact(subject, event.data);
        return undefined;
    }
  }

  #send(
    { data, time }: MessageSent,
    { partition, offset }: LogRecord,
    there: Subject | undefined,
  ): PassedOverReason | undefined {
    if (there !== undefined) return 'duplicate';
    const { roomId, messageId, userId, clientMessageId } = data;
    const membersVersion = storableVersion(data.membersVersion);
    const room = this.#rooms.get(roomId) ?? { roomId, lastSeq: 0, versionReached: 0 };
    room.lastSeq += 1;
    room.versionReached = Math.max(room.versionReached, membersVersion);
    this.#rooms.set(roomId, room);
    this.#grown.add(roomId);
    const { lastSeq: seq, versionReached } = room;
    const row = {
      ...{ roomId, seq, messageId, userId, clientMessageId, text: data.text },
      ...{ membersVersion, versionReached, partition, offset },
      ...{ sentAt: storableTime(time), editedAt: null, deletedAt: null },
    };
    this.#subjects.set(keyOf(data), { roomId, seq, deleted: false, row });
    // Whoever writes has seen what was there.
    this.#read(data, seq);
    return undefined;
  }

  #delete(subject: Subject, deletedAt: number): void {
    subject.deleted = true;
    revise(subject, { text: null, deletedAt });
    const { roomId, seq } = subject;
    for (const reactions of [this.#added, this.#removed]) {
      for (const [key, reaction] of reactions) {
        if (reaction.roomId === roomId && reaction.seq === seq) reactions.delete(key);
      }
    }
    if (subject.row === undefined) this.#cleared.push(subject);
  }

  #react(subject: Subject, data: ReactionData, offset: number): void {
    const reaction = reactionOf(subject, data);
    const key = reactionKeyOf(reaction);
    if (!this.#added.has(key)) this.#added.set(key, { ...reaction, offset });
  }

  #unreact(subject: Subject, data: ReactionData): void {
    const reaction = reactionOf(subject, data);
    const key = reactionKeyOf(reaction);
    this.#added.delete(key);
    if (subject.row === undefined) this.#removed.set(key, reaction);
  }

  #read(
    { roomId, userId }: { readonly roomId: string; readonly userId: string },
    seq: number,
  ): void {
    const key = `${roomId}/${userId}`;
    const known = this.#reads.get(key);
    if (known === undefined || known.seq < seq) this.#reads.set(key, { roomId, userId, seq });
  }
}

interface ReactionData {
  readonly userId: string;
  readonly emoji: string;
}

function revise(
  subject: Subject,
  change: Partial<Pick<MessageRevision, 'text' | 'editedAt' | 'deletedAt'>>,
): void {
  const { roomId, seq } = subject;
  if (subject.row !== undefined) Object.assign(subject.row, change);
  else {
    const none = { roomId, seq, text: null, editedAt: null, deletedAt: null };
    subject.revision = Object.assign(subject.revision ?? none, change);
  }
}

function reactionOf({ roomId, seq }: Subject, { userId, emoji }: ReactionData): ReactionOnMessage {
  return { roomId, seq, userId, emoji: emoji };
}

// No id holds a slash; an emoji, which may, comes last.
function reactionKeyOf({ roomId, seq, userId, emoji }: ReactionOnMessage): string {
  return `${roomId}/${seq}/${userId}/${emoji}`;
}

function keyOf({ roomId, messageId }: MessageInRoom): string {
  return `${roomId}/${messageId}`;
}

function count<K>(counts: Map<K, number>, key: K): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
