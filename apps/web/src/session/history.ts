import type { MessagePage } from '@sori/api';
import { ApiError } from '../api/http.ts';
import { myId } from '../state/reducer.ts';
import { createRefresher, type Refresher } from './refresher.ts';
import type { Work } from './work.ts';

/** The history has a message this much later than the feed, at most, in all but bad times. */
export const HISTORY_LAG_MS = 3_000;

export interface History {
  /** Loads what a room lacks: the latest page, or the next older one. Nothing once all is there. */
  loadHistory(roomId: string): Promise<void>;
}

interface HistoryUpkeep {
  /**
   * The room on the screen is told at once what it may lack; others are when they are opened.
   * The stream began, or began anew: what was said just before may be in neither the feed nor the
   * history yet, so what is loaded now is loaded once more a moment later.
   */
  streamBegan(): void;
  close(): void;
}

export function createHistory(
  { store, api, failed }: Work,
  after: (ms: number, callback: () => void) => () => void,
): History & { readonly upkeep: HistoryUpkeep } {
  const latest = new Map<string, Refresher>();
  const underway = new Set<string>();
  const early = new Set<string>();
  let stopWaiting: (() => void) | undefined;

  async function load(roomId: string, before: number | undefined): Promise<void> {
    const asking = myId(store.state());
    store.dispatch({ type: 'history/asked', roomId });
    try {
      const page = await api.history(roomId, before);
      if (isOf(roomId, asking)) show(roomId, page, { before, settled: false });
    } catch (error) {
      if (!isOf(roomId, asking)) return;
      store.dispatch({ type: 'history/failed', roomId });
      // The timeline itself says so, and offers to try again.
      if (!(error instanceof ApiError) || error.status === 401) failed(error);
    }
  }

  /** Nobody waits for it, so nothing is said of it: where it fails it is tried again. */
  async function loadSettled(roomId: string): Promise<void> {
    const asking = myId(store.state());
    try {
      const page = await api.history(roomId, undefined);
      if (isOf(roomId, asking)) show(roomId, page, { before: undefined, settled: true });
    } catch (error) {
      if (!isOf(roomId, asking)) return;
      if (!(error instanceof ApiError) || !error.retryable) return failed(error);
      early.add(roomId);
      stopWaiting ??= after(HISTORY_LAG_MS, settle);
    }
  }

  function settle(): void {
    stopWaiting = undefined;
    const rooms = [...early];
    early.clear();
    for (const roomId of rooms) void loadSettled(roomId);
  }

  function show(
    roomId: string,
    page: MessagePage,
    how: { readonly before: number | undefined; readonly settled: boolean },
  ): void {
    store.dispatch({ type: 'people/loaded', people: page.people });
    store.dispatch({ type: 'history/loaded', roomId, page, ...how });
  }

  /** Not of a room that was left meanwhile, nor for somebody else. */
  function isOf(roomId: string, userId: string): boolean {
    const state = store.state();
    return myId(state) === userId && state.timelines[roomId] !== undefined;
  }

  function refresh(roomId: string): Promise<void> {
    if (stopWaiting !== undefined) early.add(roomId);
    let refresher = latest.get(roomId);
    if (refresher === undefined) {
      refresher = createRefresher(() => load(roomId, undefined), failed);
      latest.set(roomId, refresher);
    }
    return refresher.refresh();
  }

  return {
    async loadHistory(roomId) {
      const older = store.state().timelines[roomId]?.older;
      if (older === 'none') return;
      if (older === undefined) return await refresh(roomId);
      if (underway.has(roomId)) return;
      underway.add(roomId);
      await load(roomId, older).finally(() => underway.delete(roomId));
    },
    upkeep: {
      streamBegan() {
        const { timelines, watching } = store.state();
        stopWaiting?.();
        stopWaiting = after(HISTORY_LAG_MS, settle);
        for (const [roomId, { older }] of Object.entries(timelines)) {
          if (older !== undefined) early.add(roomId);
        }
        if (watching !== undefined) void refresh(watching);
      },
      close() {
        stopWaiting?.();
        stopWaiting = undefined;
        early.clear();
      },
    },
  };
}
