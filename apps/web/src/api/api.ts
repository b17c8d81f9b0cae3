import type {
  FriendStep,
  FriendsAndPeople,
  MessagePage,
  NewRoom,
  RoomAndPeople,
  RoomsAndPeople,
  Settings,
} from '@sori/api';
import type { Person, Role } from '../state/model.ts';

export interface MessageRef {
  readonly roomId: string;
  readonly messageId: string;
}

/** The gateway, as the page needs it. Everything rejects with ApiError. */
export interface Api {
  settings(): Promise<Settings>;
  /** Signs in, and up at the first time; an empty name leaves the one that there is. */
  signIn(handle: string, displayName: string): Promise<Person>;
  signOut(): Promise<void>;
  me(): Promise<Person>;
  rename(displayName: string): Promise<void>;
  person(userId: string): Promise<Person>;
  searchPeople(query: string): Promise<readonly Person[]>;
  friends(): Promise<FriendsAndPeople>;
  changeFriend(step: FriendStep, userId: string): Promise<void>;
  rooms(): Promise<RoomsAndPeople>;
  room(roomId: string): Promise<RoomAndPeople>;
  createRoom(room: NewRoom): Promise<RoomAndPeople>;
  renameRoom(roomId: string, name: string): Promise<void>;
  archiveRoom(roomId: string): Promise<void>;
  /** Another person to invite them, myself to join. */
  addMember(roomId: string, userId: string): Promise<void>;
  /** Another person, or myself to leave. */
  removeMember(roomId: string, userId: string): Promise<void>;
  changeRole(roomId: string, userId: string, role: Role): Promise<void>;
  mute(roomId: string, muted: boolean): Promise<void>;
  /** The messages before a number, or the latest; oldest first. */
  history(roomId: string, before: number | undefined): Promise<MessagePage>;
  /** Resolves to the message's id once the log has it. The same clientMessageId is the same message. */
  send(roomId: string, clientMessageId: string, text: string): Promise<string>;
  edit(message: MessageRef, clientMessageId: string, text: string): Promise<void>;
  /** `clientMessageId` proves that it is mine; owners and moderators need none. */
  deleteMessage(message: MessageRef, clientMessageId: string | undefined): Promise<void>;
  react(message: MessageRef, emoji: string, present: boolean): Promise<void>;
  markRead(roomId: string, messageId: string): Promise<void>;
}
