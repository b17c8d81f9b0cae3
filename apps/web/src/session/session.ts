import type { Api } from '../api/api.ts';
import { ApiError } from '../api/http.ts';
import { staleAfter } from '../state/feed.ts';
import type { ConnectionState, Person, SignedOutReason } from '../state/model.ts';
import { myId } from '../state/reducer.ts';
import type { Store } from '../state/store.ts';
import type { ControlFrame, FeedFrame, PresenceFrame } from '../stream/frame.ts';
import type { EventSourceLike, Stream } from '../stream/stream.ts';
import { openStream } from '../stream/stream.ts';
import { createHistory, type History } from './history.ts';
import type { Keepsake } from './keepsake.ts';
import { createMessages, type MessagePorts, type Messages } from './messages.ts';
import { createPeople, type PeopleActions } from './people.ts';
import { createReadReceipts } from './read-receipts.ts';
import { createRooms, type Rooms } from './rooms.ts';
import { createWork } from './work.ts';

/** What of the browser the session uses: a test brings its own. */
export interface SessionPorts extends MessagePorts {
  openEventSource(url: string): EventSourceLike;
  /** Calls back after `ms`; returns how to stop that. */
  after(ms: number, callback: () => void): () => void;
  /** From 0 up to 1. */
  random(): number;
  /** Somebody should hear of this. */
  alert(frame: FeedFrame): void;
  readonly keepsake: Keepsake;
}

/** All that a person can do, and all that the feed does, told to the store. */
export interface Session extends Messages, Rooms, PeopleActions, History {
  start(): Promise<void>;
  /** Rejects with ApiError where nobody was signed in. */
  signIn(handle: string, displayName: string): Promise<void>;
  signOut(): Promise<void>;
  /** A room is on the screen down to this message. */
  seen(roomId: string, messageId: string): void;
  /** Do not wait for the next attempt: a person asked, or the network is back. */
  retryNow(): void;
  /** Keeps what a reload would lose. */
  save(): void;
}

export function createSession(store: Store, api: Api, ports: SessionPorts): Session {
  const work = createWork(store, api, () => end('ended'));
  const messages = createMessages(work, ports);
  const { list, ...rooms } = createRooms(work);
  const { friends, meet, ...people } = createPeople(work);
  const { upkeep, ...history } = createHistory(work, ports.after);
  const receipts = createReadReceipts({ send: api.markRead, after: ports.after });
  let stream: Stream | undefined;
  let hasBeenLive = false;

  function end(reason: SignedOutReason): void {
    stream?.close();
    stream = undefined;
    receipts.close();
    upkeep.close();
    ports.keepsake.forget();
    store.dispatch({ type: 'session/ended', reason });
  }

  async function loadSettings(): Promise<string> {
    const { edgeUrl, development } = await api.settings();
    store.dispatch({ type: 'settings/loaded', development });
    return edgeUrl;
  }

  function begin(me: Person, edgeUrl: string): void {
    store.dispatch({ type: 'session/started', me });
    const saved = ports.keepsake.recall(me.id);
    if (saved !== undefined) store.dispatch({ type: 'outgoing/restored', outgoing: saved });
    hasBeenLive = false;
    stream = openStream(`${edgeUrl}/v1/stream`, listener, {
      open: ports.openEventSource,
      after: ports.after,
      random: ports.random,
      stillSignedIn,
    });
    refreshLists();
  }

  function refreshLists(): void {
    void list.refresh();
    void friends.refresh();
  }

  async function stillSignedIn(): Promise<boolean> {
    try {
      await api.me();
      return true;
    } catch (error) {
      return !(error instanceof ApiError && error.status === 401);
    }
  }

  const listener = {
    connection(connection: ConnectionState) {
      store.dispatch({ type: 'connection/changed', connection });
      if (connection !== 'live') return;
      if (hasBeenLive) {
        const { watching, timelines } = store.state();
        const failed = watching !== undefined && timelines[watching]?.loading === 'failed';
        if (failed) void history.loadHistory(watching);
        return;
      }
      hasBeenLive = true;
      // The lists may be from before the stream began: what changed in between is on neither.
      refreshLists();
      upkeep.streamBegan();
    },
    frame(frame: FeedFrame) {
      const state = store.state();
      const stale = staleAfter(state, myId(state), frame);
      store.dispatch({ type: 'frame/received', frame });
      if (frame.type === 'message.chat.sent') meet([frame.data.userId]);
      if (frame.alert) ports.alert(frame);
      if (stale?.what === 'rooms') void list.refresh();
      else if (stale?.what === 'friends') void friends.refresh();
      else if (stale?.what === 'room') void rooms.loadRoom(stale.roomId);
    },
    presence(frame: PresenceFrame) {
      store.dispatch({ type: 'presence/received', frame });
    },
    control(frame: ControlFrame) {
      switch (frame.type) {
        case 'reset':
          listener.gap();
          break;
        case 'session-ended':
          end('ended');
          break;
        case 'room-left':
          store.dispatch({ type: 'room/left', roomId: frame.roomId });
          break;
        default:
          frame satisfies never;
      }
    },
    gap() {
      store.dispatch({ type: 'gap/found' });
      refreshLists();
      upkeep.streamBegan();
    },
  };

  return {
    ...messages,
    ...rooms,
    ...people,
    ...history,
    async start() {
      try {
        const edgeUrl = await loadSettings();
        begin(await api.me(), edgeUrl);
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        if (error.status === 401) store.dispatch({ type: 'session/ended', reason: 'none' });
        else store.dispatch({ type: 'session/unreachable' });
      }
    },
    async signIn(handle, displayName) {
      const edgeUrl = await loadSettings();
      begin(await api.signIn(handle, displayName), edgeUrl);
    },
    async signOut() {
      await work.attempt(api.signOut);
      end('left');
    },
    seen: receipts.seen,
    retryNow: () => stream?.retryNow(),
    save() {
      const state = store.state();
      if (state.phase.name !== 'signed-in') return;
      ports.keepsake.keep(state.phase.me.id, state.timelines);
    },
  };
}
