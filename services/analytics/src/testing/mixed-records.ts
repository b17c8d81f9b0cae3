import {
  accountDeleted,
  accountRegistered,
  feedAppended,
  friendBlockCreated,
  friendRemoved,
  friendRequestAccepted,
  friendRequestCancelled,
  friendRequestRejected,
  friendRequestSent,
  memberJoined,
  memberMuted,
  messageDeleted,
  messageEdited,
  messageSent,
  pairId,
  presenceChanged,
  presenceHeartbeat,
  reactionAdded,
  receiptRead,
  roomCreated,
  sessionEnded,
  sessionStarted,
  settingsUpdated,
} from '@sori/chat-events';
import { type EventDraft, encodeEvent, type RecordHeader } from '@sori/contract';
import { encodeDeadLetterHeaders, type RecordToAppend } from '@sori/stream';

/** For tests only: records of every kind that a topic of this product may hold, good and bad. */

export interface MixedRecord extends RecordToAppend {
  readonly topic: string;
  readonly id: string;
}

const PEOPLE = 60;
const ROOMS = 15;
const SECOND_MS = 1_000;
const HOUR_MS = 3_600 * SECOND_MS;
const DAY_MS = 24 * HOUR_MS;

/** How often what happens, by weight; about as the expected loads are to each other. */
const MIX: readonly (readonly [weight: number, make: (dice: Dice) => EventDraft])[] = [
  [45, (dice) => message(dice)],
  [4, (dice) => messageEdited({ ...inRoom(dice), messageId: 'm', text: 'edited' })],
  [2, (dice) => messageDeleted({ ...inRoom(dice), messageId: 'm' })],
  [4, (dice) => reactionAdded({ ...inRoom(dice), messageId: 'm', emoji: '👍' })],
  [5, (dice) => receiptRead({ ...inRoom(dice), messageId: 'm' })],
  [9, (dice) => presenceChanged(session(dice))],
  [16, (dice) => presenceHeartbeat(session(dice))],
  [3, (dice) => friendRequestSent(request(dice))],
  [2, (dice) => friendRequestAccepted(request(dice))],
  [1, (dice) => friendRequestRejected(request(dice))],
  [1, (dice) => friendRequestCancelled(request(dice))],
  [1, (dice) => friendRemoved(between(dice))],
  [1, (dice) => friendBlockCreated(between(dice))],
  [2, (dice) => accountRegistered({ userId: person(dice), handle: 'ann', displayName: 'Ann' })],
  [2, (dice) => sessionStarted({ userId: person(dice), sessionId: 's' })],
  [1, (dice) => sessionEnded({ userId: person(dice), sessionId: 's' })],
  [1, (dice) => settingsUpdated({ userId: person(dice), settings: { theme: 'dark' } })],
  [1, (dice) => accountDeleted({ userId: person(dice) })],
  [1, (dice) => roomCreated({ ...ofRoom(dice), kind: 'group', name: 'A room' })],
  [2, (dice) => memberJoined({ ...ofRoom(dice), userId: person(dice), role: 'member' })],
  [1, (dice) => memberMuted({ ...ofRoom(dice), userId: person(dice) })],
  [4, (dice) => notification(dice)],
];

/** A whole number from 0 up to, without, its argument. */
export type Dice = (sides: number) => number;

/** Numbers that look random and are the same for a seed. Marsaglia, "Xorshift RNGs", 2003. */
export function seededDice(seed: number): Dice {
  let state = seed | 1;
  return (sides) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % sides;
  };
}

/** The next record, of about `now` (milliseconds since the epoch), or of long ago, or of no time. */
export function mixedRecord(dice: Dice, now: number, id: string): MixedRecord {
  const draft = drawn(dice);
  const { topic } = draft.definition;
  const time = new Date(now - lateness(dice)).toISOString();
  const { key, value, headers } = encodeEvent(draft, { id, source: '/sori/test', time });
  const record = { id, topic: topic.name, key, value, headers };
  switch (dice(60)) {
    case 0:
      return broken(dice, record);
    case 1:
    case 2:
      return deadLetter(dice, record, now);
    default:
      return record;
  }
}

function drawn(dice: Dice): EventDraft {
  let left = dice(MIX.reduce((sum, [weight]) => sum + weight, 0));
  for (const [weight, make] of MIX) {
    left -= weight;
    if (left < 0) return make(dice);
  }
  throw new Error('the weights do not add up');
}

function lateness(dice: Dice): number {
  switch (dice(50)) {
    case 0:
      return dice(3_000) * SECOND_MS;
    case 1:
      return HOUR_MS + (1 + dice(40)) * HOUR_MS;
    case 2:
      return (3 + dice(3)) * DAY_MS;
    case 3:
      return (8 + dice(400)) * DAY_MS;
    case 4:
      return -dice(2 * HOUR_MS);
    default:
      return dice(2_000);
  }
}

/** What a record becomes that no event is in any more. */
function broken(dice: Dice, record: MixedRecord): MixedRecord {
  const without = (name: string): readonly RecordHeader[] =>
    record.headers.filter(({ key }) => key !== name);
  const saying = (key: string, value: string): readonly RecordHeader[] => [
    ...without(key),
    { key, value: Buffer.from(value) },
  ];
  switch (dice(8)) {
    case 0:
      return { ...record, value: Buffer.from('not json') };
    case 1:
      return { ...record, value: null };
    case 2:
      return { ...record, value: Buffer.from('{}') };
    case 3:
      return { ...record, headers: [] };
    case 4:
      return { ...record, headers: without('ce_time') };
    case 5:
      return { ...record, headers: saying('ce_time', 'yesterday') };
    case 6:
      return { ...record, headers: saying('ce_type', 'message.chat.sung') };
    default:
      return { ...record, key: Buffer.from('another') };
  }
}

function deadLetter(dice: Dice, record: MixedRecord, now: number): MixedRecord {
  const group = dice(2) === 0 ? 'notification-consumer-group' : 'a-group';
  const error = Object.assign(new Error('no'), { code: dice(2) === 0 ? 'BROKEN' : 'REFUSED' });
  const place = { ...record, partition: 0, offset: 7, timestamp: now };
  const headers = encodeDeadLetterHeaders(place, { group, error, attempts: 3, at: new Date(now) });
  const topic = `${record.topic}.dlq`;
  return dice(20) === 0 ? { ...record, topic } : { ...record, topic, headers };
}

const person = (dice: Dice): string => `person-${dice(PEOPLE)}`;
const room = (dice: Dice): string => `room-${Math.min(dice(ROOMS), dice(ROOMS))}`;

function inRoom(dice: Dice) {
  return { roomId: room(dice), userId: person(dice), membersVersion: 1 };
}

function ofRoom(dice: Dice) {
  return { roomId: room(dice), actorId: person(dice), membersVersion: 1 };
}

function message(dice: Dice): EventDraft {
  const text = 'x'.repeat(1 + dice(400));
  return messageSent({ ...inRoom(dice), messageId: 'm', clientMessageId: 'c', text });
}

function session(dice: Dice) {
  return {
    userId: person(dice),
    sessionId: `session-${dice(3)}`,
    edgeId: 'edge-1',
    device: 'web',
    leaseMs: 250 + dice(20_000),
    state: (['online', 'online', 'away', 'offline'] as const)[dice(4)] ?? 'online',
    since: '2026-01-27T00:00:00Z',
  };
}

function two(dice: Dice): readonly [string, string] {
  const one = dice(PEOPLE);
  return [`person-${one}`, `person-${(one + 1 + dice(PEOPLE - 1)) % PEOPLE}`];
}

function request(dice: Dice) {
  const [requesterId, addresseeId] = two(dice);
  return { pairId: pairId(requesterId, addresseeId), requesterId, addresseeId };
}

function between(dice: Dice) {
  const [userId, otherUserId] = two(dice);
  return { pairId: pairId(userId, otherUserId), userId, otherUserId };
}

function notification(dice: Dice): EventDraft {
  const source = { type: 'message.chat.sent', id: 'm', time: '2026-01-27T00:00:00Z', data: {} };
  const to = { targetId: room(dice), target: 'room' as const, recipients: [person(dice)] };
  return feedAppended({ ...to, source, silent: [], chunk: 0, chunks: 1 });
}
