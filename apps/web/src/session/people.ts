import type { FriendStep } from '@sori/api';
import { ApiError } from '../api/http.ts';
import type { Person } from '../state/model.ts';
import { myId } from '../state/reducer.ts';
import { createRefresher, type Refresher } from './refresher.ts';
import type { Work } from './work.ts';

export interface PeopleActions {
  /** People whose handle or name begins so; none where that failed. */
  searchPeople(query: string): Promise<readonly Person[]>;
  changeFriend(step: FriendStep, userId: string): Promise<void>;
  /** Changes my own name. */
  rename(displayName: string): Promise<void>;
}

interface Acquaintance {
  readonly friends: Refresher;
  /** Asks, once each, who these people are where the page does not know. */
  meet(userIds: Iterable<string>): void;
}

export function createPeople({ store, api, attempt, failed }: Work): PeopleActions & Acquaintance {
  const asked = new Set<string>();

  const friends = createRefresher(async () => {
    const asking = myId(store.state());
    const loaded = await api.friends();
    if (myId(store.state()) !== asking) return;
    store.dispatch({ type: 'people/loaded', people: loaded.people });
    store.dispatch({ type: 'friends/loaded', friends: loaded.friends });
  }, failed);

  async function ask(userId: string): Promise<void> {
    try {
      store.dispatch({ type: 'people/loaded', people: [await api.person(userId)] });
    } catch (error) {
      // Without a name they stay somebody; the next thing they say asks again.
      if (!(error instanceof ApiError)) throw error;
      if (error.retryable) asked.delete(userId);
    }
  }

  return {
    friends,
    meet(userIds) {
      const { people } = store.state();
      for (const userId of userIds) {
        if (people[userId] !== undefined || asked.has(userId)) continue;
        asked.add(userId);
        void ask(userId);
      }
    },
    async searchPeople(query) {
      const people = (await attempt(() => api.searchPeople(query))) ?? [];
      store.dispatch({ type: 'people/loaded', people });
      return people;
    },
    async changeFriend(step, userId) {
      await attempt(() => api.changeFriend(step, userId));
      await friends.refresh();
    },
    async rename(displayName) {
      await attempt(async () => {
        await api.rename(displayName);
        store.dispatch({ type: 'me/renamed', displayName });
      });
    },
  };
}
