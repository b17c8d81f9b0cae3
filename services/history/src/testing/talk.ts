import { randomUUID } from 'node:crypto';
import {
  memberMuted,
  messageDeleted,
  messageEdited,
  messageEvents,
  messageSent,
  reactionAdded,
  reactionRemoved,
  receiptRead,
} from '@sori/chat-events';
import { type EventDraft, encodeEvent, partitionForKey } from '@sori/contract';
import type { LogRecord, RecordToAppend } from '@sori/stream';
import type { MemoryLog } from '@sori/stream/memory';

const EMOJI = ['👍', '🎉', '👩‍👩‍👧'];
const FIRST_TIME = Date.UTC(2026, 0, 27);

/** Numbers from 0 to below `below`, the same for the same seed: mulberry32. */
export function seeded(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

/** For tests only: people in rooms who say and do everything that is possible, in a memory log. */
export class Talk {
  readonly #log: MemoryLog;
  readonly #pick: (below: number) => number;
  readonly #said: { readonly roomId: string; readonly messageId: string; draft: EventDraft }[] = [];
  readonly #records: LogRecord[] = [];
  #times = 0;

  constructor(log: MemoryLog, seed: number) {
    this.#log = log;
    this.#pick = seeded(seed);
  }

  /** Everything that was ever written, whatever the log still holds. */
  get records(): readonly LogRecord[] {
    return this.#records;
  }

  /** Writes so many records. */
  write(count: number): void {
    for (let n = 0; n < count; n++) this.#writeOne();
  }

  /** Edits every message. */
  editAll(text: string): void {
    for (const { roomId, messageId } of this.#said) {
      this.#append(messageEdited({ ...this.#inRoom(roomId), messageId, text }));
    }
  }

  #writeOne(): void {
    const said = this.#said[this.#pick(this.#said.length)];
    const kind = this.#pick(20);
    if (said === undefined || kind < 8) this.#say();
    else if (kind === 8) this.#append(said.draft);
    else if (kind === 9) this.#appendRaw(said.roomId, { value: Buffer.from('{'), headers: [] });
    else if (kind === 10) this.#append(memberMuted({ ...this.#inRoom(said.roomId), actorId: 'u' }));
    else this.#about(kind, said);
  }

  #about(kind: number, said: { readonly roomId: string; readonly messageId: string }): void {
    const messageId = this.#pick(12) === 0 ? 'unknown' : said.messageId;
    const target = { ...this.#inRoom(said.roomId), messageId };
    const emoji = EMOJI[this.#pick(EMOJI.length)] ?? '';
    if (kind < 13) this.#append(messageEdited({ ...target, text: `edited ${this.#times} 👩‍👩‍👧` }));
    else if (kind === 13) this.#append(messageDeleted(target));
    else if (kind < 17) this.#append(reactionAdded({ ...target, emoji }));
    else if (kind === 17) this.#append(reactionRemoved({ ...target, emoji }));
    else this.#append(receiptRead(target));
  }

  #say(): void {
    const roomId = `room-${this.#pick(6)}`;
    const messageId = randomUUID();
    const draft = messageSent({
      ...this.#inRoom(roomId),
      messageId,
      clientMessageId: randomUUID(),
      text: `text ${this.#times}`,
    });
    this.#said.push({ roomId, messageId, draft });
    this.#append(draft);
  }

  #inRoom(roomId: string) {
    const membersVersion = 1 + Math.floor(this.#times / 50) + this.#pick(2);
    return { roomId, userId: `user-${this.#pick(5)}`, membersVersion };
  }

  #append(draft: EventDraft): void {
    const time = new Date(FIRST_TIME + 1_000 * this.#times).toISOString();
    const event = encodeEvent(draft, { id: randomUUID(), source: '/sori/test', time });
    this.#appendRaw(draft.key ?? '', event);
  }

  #appendRaw(roomId: string, record: Pick<RecordToAppend, 'value' | 'headers'>): void {
    this.#times += 1;
    const key = Buffer.from(roomId);
    const { name: topic, partitions } = messageEvents;
    const target = { topic, partition: partitionForKey(key, partitions) };
    const offset = this.#log.store(target, [{ ...record, key }]);
    const timestamp = FIRST_TIME;
    this.#records.push({ ...target, ...record, key, offset, timestamp });
  }
}
