import { presenceChanged, presenceHeartbeat } from '@sori/chat-events';
import type { Event } from '@sori/contract';
import type { Static } from 'typebox';

export type PresenceState = 'online' | 'away' | 'offline';

/** A person's state, and since when. Times are milliseconds since the epoch. */
export interface PersonPresence {
  readonly state: PresenceState;
  readonly since: number;
}

export interface PresenceTransition extends PersonPresence {
  readonly userId: string;
  readonly before: PresenceState;
}

export interface PresenceOptions {
  /** How long a person without a session still counts as before, in milliseconds: hides a reload. */
  readonly graceMs: number;
}

/** One connection of one device at one edge. */
interface Session {
  readonly state: PresenceState;
  /** When the state began, as the edge says. */
  readonly since: number;
  /** The record that said so; an older one changes nothing. */
  readonly saidAt: number;
  readonly leaseUntil: number;
}

interface Person {
  readonly sessions: Map<string, Session>;
  /** What was last told; told anew only when it changes. */
  told: PersonPresence;
  /** When the grace ends of one whose last session ended. */
  offlineAt: number | undefined;
  /** When something of this person runs out next. */
  dueAt: number;
}

const OFFLINE: PersonPresence = { state: 'offline', since: 0 };

/**
 * Leases, not switches: a session speaks for itself alone, for as long as its last record says, by
 * that record's own time. So a session whose edge died ends by itself, one that ends elsewhere takes
 * nobody else's with it, and a late record of an old session changes nothing.
 *
 * Limit: leases are held against the reader's clock; an edge whose clock is ahead or behind moves the
 * end of its leases by as much.
 */
export class Presence {
  readonly #graceMs: number;
  readonly #people = new Map<string, Person>();

  constructor({ graceMs }: PresenceOptions) {
    this.#graceMs = graceMs;
  }

  /** Takes a record; `at` is its timestamp. Events of other types change nothing. */
  apply(event: Event, at: number, now: number): readonly PresenceTransition[] {
    const said = readSession(event);
    if (said === undefined) return [];
    const leaseUntil = at + said.leaseMs;
    // A reader that begins in the middle of the log meets records of leases that are over.
    if (leaseUntil <= now && !this.#people.has(said.userId)) return [];
    const person = this.#person(said.userId);
    const known = person.sessions.get(said.sessionId);
    if (known !== undefined && known.saidAt > at) return [];
    // An ended session is kept until its lease would have ended, so that a late record of it is one.
    const { state } = said;
    const since = sinceOf(said, at);
    person.sessions.set(said.sessionId, { state, since, saidAt: at, leaseUntil });
    return this.#settle(said.userId, person, now);
  }

  /** Ends what has run out by `now`. To be called about once a second. */
  expire(now: number): readonly PresenceTransition[] {
    const transitions: PresenceTransition[] = [];
    for (const [userId, person] of this.#people) {
      if (person.dueAt <= now) transitions.push(...this.#settle(userId, person, now));
    }
    return transitions;
  }

  of(userId: string): PersonPresence {
    return this.#people.get(userId)?.told ?? OFFLINE;
  }

  /** How many people are not offline. */
  get present(): number {
    let present = 0;
    for (const { told } of this.#people.values()) if (told.state !== 'offline') present += 1;
    return present;
  }

  #person(userId: string): Person {
    const known = this.#people.get(userId);
    if (known !== undefined) return known;
    const person: Person = { sessions: new Map(), told: OFFLINE, offlineAt: undefined, dueAt: 0 };
    this.#people.set(userId, person);
    return person;
  }

  #settle(userId: string, person: Person, now: number): readonly PresenceTransition[] {
    for (const [id, session] of person.sessions) {
      if (session.leaseUntil <= now) person.sessions.delete(id);
    }
    const found = stateOf(person.sessions.values());
    const before = person.told.state;
    const state = found === 'offline' ? this.#afterGrace(person, before, now) : found;
    if (found !== 'offline' || state === 'offline') person.offlineAt = undefined;
    if (state === 'offline' && person.sessions.size === 0) this.#people.delete(userId);
    person.dueAt = dueAt(person);
    if (state === before) return [];
    const since = state === 'offline' ? now : earliestSince(person.sessions.values(), state, now);
    person.told = { state, since };
    return [{ userId, before, state, since }];
  }

  #afterGrace(person: Person, before: PresenceState, now: number): PresenceState {
    if (before === 'offline') return 'offline';
    person.offlineAt ??= now + this.#graceMs;
    return now >= person.offlineAt ? 'offline' : before;
  }
}

function stateOf(sessions: Iterable<Session>): PresenceState {
  let state: PresenceState = 'offline';
  for (const session of sessions) {
    if (session.state === 'online') return 'online';
    if (session.state === 'away') state = 'away';
  }
  return state;
}

function dueAt({ sessions, offlineAt }: Person): number {
  let at = offlineAt ?? Number.POSITIVE_INFINITY;
  for (const { leaseUntil } of sessions.values()) at = Math.min(at, leaseUntil);
  return at;
}

/** Since when somebody has been in a state, on any device; a reader may have come later. */
function earliestSince(sessions: Iterable<Session>, state: PresenceState, now: number): number {
  let since = now;
  for (const session of sessions) {
    if (session.state === state) since = Math.min(since, session.since);
  }
  return since;
}

type SessionRecord = Pick<
  Static<typeof presenceHeartbeat.schema>,
  'userId' | 'sessionId' | 'leaseMs' | 'state' | 'since'
>;

/** The schema takes times that are on no calendar, as a 31st of February. */
function sinceOf({ since }: SessionRecord, at: number): number {
  const parsed = Date.parse(since);
  return Number.isNaN(parsed) ? at : parsed;
}

function readSession({ type, data }: Event): SessionRecord | undefined {
  if (type !== presenceChanged.type && type !== presenceHeartbeat.type) return undefined;
  // Both types were checked against their schemas when they were decoded, and share these fields.
  return data as SessionRecord;
}
