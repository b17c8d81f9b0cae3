import type { FeedFrame, PresenceFrame } from '../stream/frame.ts';
import type {
  ConnectionState,
  Friends,
  Member,
  MessagePage,
  OutgoingMessage,
  Person,
  Room,
  SignedOutReason,
} from './model.ts';

/** What happened. The reducer alone says what that changes. */
export type Action =
  | { readonly type: 'settings/loaded'; readonly development: boolean }
  | { readonly type: 'session/started'; readonly me: Person }
  | { readonly type: 'me/renamed'; readonly displayName: string }
  | { readonly type: 'session/ended'; readonly reason: SignedOutReason }
  | { readonly type: 'session/unreachable' }
  | { readonly type: 'people/loaded'; readonly people: readonly Person[] }
  | { readonly type: 'rooms/loaded'; readonly rooms: readonly Room[] }
  | { readonly type: 'room/loaded'; readonly room: Room }
  | { readonly type: 'room/left'; readonly roomId: string }
  | { readonly type: 'room/renamed'; readonly roomId: string; readonly name: string }
  | { readonly type: 'room/archived'; readonly roomId: string }
  | { readonly type: 'room/muted'; readonly roomId: string; readonly muted: boolean }
  | { readonly type: 'room/watched'; readonly roomId: string | undefined }
  | {
      readonly type: 'member/changed';
      readonly roomId: string;
      readonly userId: string;
      /** Undefined where the person is out. */
      readonly role: Member['role'] | undefined;
    }
  | { readonly type: 'friends/loaded'; readonly friends: Friends }
  | { readonly type: 'frame/received'; readonly frame: FeedFrame }
  | { readonly type: 'presence/received'; readonly frame: PresenceFrame }
  | { readonly type: 'gap/found' }
  | { readonly type: 'history/asked'; readonly roomId: string }
  | {
      readonly type: 'history/loaded';
      readonly roomId: string;
      readonly page: MessagePage;
      /** Of which messages it is; undefined for the latest, which is also what closes a gap. */
      readonly before: number | undefined;
      /** It knows more than the feed does: what it says of reactions holds. */
      readonly settled: boolean;
    }
  | { readonly type: 'history/failed'; readonly roomId: string }
  | { readonly type: 'connection/changed'; readonly connection: ConnectionState }
  | {
      readonly type: 'message/queued';
      readonly roomId: string;
      readonly clientMessageId: string;
      readonly text: string;
      readonly at: string;
    }
  | {
      readonly type: 'message/accepted';
      readonly roomId: string;
      readonly clientMessageId: string;
      readonly messageId: string;
    }
  | {
      readonly type: 'message/failed';
      readonly roomId: string;
      readonly clientMessageId: string;
      readonly problem: string;
    }
  | { readonly type: 'message/retried'; readonly roomId: string; readonly clientMessageId: string }
  | {
      readonly type: 'message/discarded';
      readonly roomId: string;
      readonly clientMessageId: string;
    }
  | {
      readonly type: 'message/edited';
      readonly roomId: string;
      readonly messageId: string;
      readonly text: string;
      readonly at: string;
    }
  | { readonly type: 'message/deleted'; readonly roomId: string; readonly messageId: string }
  | {
      readonly type: 'message/reacted';
      readonly roomId: string;
      readonly messageId: string;
      readonly emoji: string;
      readonly present: boolean;
    }
  | { readonly type: 'draft/changed'; readonly roomId: string; readonly text: string }
  | {
      readonly type: 'outgoing/restored';
      readonly outgoing: Readonly<Record<string, readonly OutgoingMessage[]>>;
    }
  | { readonly type: 'notice/shown'; readonly code: string }
  | { readonly type: 'notice/dismissed'; readonly id: number };
