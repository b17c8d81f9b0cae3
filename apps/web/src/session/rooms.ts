import type { NewRoom } from '@sori/api';
import type { Role } from '../state/model.ts';
import { myId } from '../state/reducer.ts';
import { createRefresher, type Refresher } from './refresher.ts';
import type { Work } from './work.ts';

export interface Rooms {
  /** Resolves to the new room's id, undefined where there is none. */
  createRoom(room: NewRoom): Promise<string | undefined>;
  loadRoom(roomId: string): Promise<void>;
  renameRoom(roomId: string, name: string): Promise<void>;
  archiveRoom(roomId: string): Promise<void>;
  joinRoom(roomId: string): Promise<void>;
  leaveRoom(roomId: string): Promise<void>;
  invite(roomId: string, userId: string): Promise<void>;
  removeMember(roomId: string, userId: string): Promise<void>;
  changeRole(roomId: string, userId: string, role: Role): Promise<void>;
  mute(roomId: string, muted: boolean): Promise<void>;
}

export function createRooms({
  store,
  api,
  attempt,
  failed,
}: Work): Rooms & { readonly list: Refresher } {
  const list = createRefresher(async () => {
    const asking = myId(store.state());
    const loaded = await api.rooms();
    if (myId(store.state()) !== asking) return;
    store.dispatch({ type: 'people/loaded', people: loaded.people });
    store.dispatch({ type: 'rooms/loaded', rooms: loaded.rooms });
  }, failed);

  const single = new Map<string, Refresher>();

  async function load(roomId: string): Promise<void> {
    const { room, people } = await api.room(roomId);
    store.dispatch({ type: 'people/loaded', people });
    store.dispatch({ type: 'room/loaded', room });
  }

  /** A burst of events about one room asks twice, as for the list. */
  function refresherOf(roomId: string): Refresher {
    const known = single.get(roomId);
    if (known !== undefined) return known;
    const refresher = createRefresher(() => attempt(() => load(roomId)), failed);
    single.set(roomId, refresher);
    return refresher;
  }

  async function removeMember(roomId: string, userId: string): Promise<void> {
    await attempt(async () => {
      await api.removeMember(roomId, userId);
      store.dispatch({ type: 'member/changed', roomId, userId, role: undefined });
    });
  }

  return {
    list,
    createRoom: (draft) =>
      attempt(async () => {
        const { room, people } = await api.createRoom(draft);
        store.dispatch({ type: 'people/loaded', people });
        store.dispatch({ type: 'room/loaded', room });
        // A list that was asked for before the room was there must not take it away again.
        void list.refresh();
        return room.id;
      }),
    loadRoom: (roomId) => refresherOf(roomId).refresh(),
    async renameRoom(roomId, name) {
      await attempt(async () => {
        await api.renameRoom(roomId, name);
        store.dispatch({ type: 'room/renamed', roomId, name });
      });
    },
    async archiveRoom(roomId) {
      await attempt(async () => {
        await api.archiveRoom(roomId);
        store.dispatch({ type: 'room/archived', roomId });
      });
    },
    async joinRoom(roomId) {
      await attempt(async () => {
        await api.addMember(roomId, myId(store.state()));
        await load(roomId);
      });
    },
    leaveRoom: (roomId) => removeMember(roomId, myId(store.state())),
    async invite(roomId, userId) {
      await attempt(async () => {
        await api.addMember(roomId, userId);
        store.dispatch({ type: 'member/changed', roomId, userId, role: 'member' });
      });
    },
    removeMember,
    async changeRole(roomId, userId, role) {
      await attempt(async () => {
        await api.changeRole(roomId, userId, role);
        store.dispatch({ type: 'member/changed', roomId, userId, role });
      });
    },
    async mute(roomId, muted) {
      await attempt(async () => {
        await api.mute(roomId, muted);
        store.dispatch({ type: 'room/muted', roomId, muted });
      });
    },
  };
}
