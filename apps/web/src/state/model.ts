import type * as api from '@sori/api';

/** The gateway's answers as the state holds them: nothing changes in place. */
type Frozen<Value> = Value extends readonly (infer Item)[]
  ? readonly Frozen<Item>[]
  : Value extends object
    ? { readonly [Key in keyof Value]: Frozen<Value[Key]> }
    : Value;

export type Person = Frozen<api.Person>;
export type Member = Frozen<api.Member>;
export type Role = Member['role'];
/** `members` are left out until they were fetched. */
export type Room = Frozen<api.Room>;
export type Friends = Frozen<api.Friends>;
export type PersonPresence = Frozen<api.PersonPresence>;
export type MessagePage = Frozen<api.MessagePage>;
export type LastMessage = Frozen<api.LastMessage>;

/** A message that the log has. */
export interface Message {
  readonly id: string;
  /** Its number in the room; undefined until the history has told it. */
  readonly seq: number | undefined;
  readonly userId: string;
  readonly clientMessageId: string;
  readonly text: string;
  /** RFC 3339, UTC. */
  readonly sentAt: string;
  /** RFC 3339; undefined where it never was. */
  readonly editedAt: string | undefined;
  readonly deleted: boolean;
  /** Emoji to the people who chose it, in the order they did. */
  readonly reactions: Readonly<Record<string, readonly string[]>>;
}

export type DeliveryState = 'sending' | 'sent' | 'failed';

/** A message of mine that has not come back through the log yet. */
export interface OutgoingMessage {
  readonly clientMessageId: string;
  readonly text: string;
  readonly createdAt: string;
  readonly state: DeliveryState;
  /** Known once the gateway has acknowledged it. */
  readonly messageId: string | undefined;
  /** The problem's code where it failed. */
  readonly problem: string | undefined;
}

/** What is known of one room's conversation: what the history has told, and the feed since. */
export interface Timeline {
  /** In room order, the order of the log. */
  readonly messages: readonly Message[];
  /** Mine, in the order I sent them; shown below the messages. */
  readonly outgoing: readonly OutgoingMessage[];
  readonly unread: number;
  /** How many were unread when the room was opened before its history was there; 0 for none. */
  readonly unreadAtOpening: number;
  /** The last message that was on my screen when the room was left. */
  readonly seenId: string | undefined;
  /** The first message that was unread when the room was last opened. */
  readonly firstUnreadId: string | undefined;
  /** How far each member has read: user id to message id. */
  readonly readUpTo: Readonly<Record<string, string>>;
  /** Where the next older page goes on; undefined until the latest was loaded, or must be again. */
  readonly older: number | 'none' | undefined;
  readonly loading: 'idle' | 'loading' | 'failed';
  /** After this message some may be missing, until the latest page has been loaded. */
  readonly gapAfter: string | undefined;
}

export type ConnectionState = 'connecting' | 'live' | 'offline';

/** Why the page is at the sign-in form. */
export type SignedOutReason = 'none' | 'left' | 'ended';

/** Something that went wrong with what a person did. */
export interface Notice {
  readonly id: number;
  readonly code: string;
}

export type Phase =
  | { readonly name: 'starting' }
  | { readonly name: 'unreachable' }
  | { readonly name: 'signed-out'; readonly reason: SignedOutReason }
  | { readonly name: 'signed-in'; readonly me: Person };

export interface State {
  readonly phase: Phase;
  /** Whether anybody may sign in with a handle alone; undefined until the gateway said so. */
  readonly openSignIn: boolean | undefined;
  readonly connection: ConnectionState;
  readonly people: Readonly<Record<string, Person>>;
  readonly rooms: Readonly<Record<string, Room>>;
  readonly roomsLoaded: boolean;
  readonly timelines: Readonly<Record<string, Timeline>>;
  readonly friends: Friends;
  /** What was told of friends; undefined before a snapshot, and without a connection. */
  readonly presence: Readonly<Record<string, PersonPresence>> | undefined;
  /** The room that is on the screen, undefined for none or while the page is hidden. */
  readonly watching: string | undefined;
  readonly drafts: Readonly<Record<string, string>>;
  readonly notices: readonly Notice[];
}

const NO_FRIENDS: Friends = { friends: [], incoming: [], outgoing: [], blocked: [] };

export const INITIAL_STATE: State = {
  phase: { name: 'starting' },
  openSignIn: undefined,
  connection: 'connecting',
  people: {},
  rooms: {},
  roomsLoaded: false,
  timelines: {},
  friends: NO_FRIENDS,
  presence: undefined,
  watching: undefined,
  drafts: {},
  notices: [],
};

export const EMPTY_TIMELINE: Timeline = {
  messages: [],
  outgoing: [],
  unread: 0,
  unreadAtOpening: 0,
  seenId: undefined,
  firstUnreadId: undefined,
  readUpTo: {},
  older: undefined,
  loading: 'idle',
  gapAfter: undefined,
};
