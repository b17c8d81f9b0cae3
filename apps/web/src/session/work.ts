import type { Api } from '../api/api.ts';
import { ApiError } from '../api/http.ts';
import { myId } from '../state/reducer.ts';
import type { Store } from '../state/store.ts';

/** What everything that a person does goes through. */
export interface Work {
  readonly store: Store;
  readonly api: Api;
  /** Says what went wrong, or ends the session where the gateway knows nobody by it. */
  failed(error: unknown): void;
  /** Runs what a person asked for; resolves to undefined where that failed, and has said so. */
  attempt<Result>(work: () => Promise<Result>): Promise<Result | undefined>;
}

export function createWork(store: Store, api: Api, unauthorized: () => void): Work {
  function failed(error: unknown): void {
    if (!(error instanceof ApiError)) throw error;
    if (error.status === 401) unauthorized();
    else store.dispatch({ type: 'notice/shown', code: error.code });
  }
  return {
    store,
    api,
    failed,
    async attempt(work) {
      const asking = myId(store.state());
      try {
        return await work();
      } catch (error) {
        // What somebody asked for who has left since is of no interest to the next.
        if (myId(store.state()) === asking) failed(error);
        return undefined;
      }
    },
  };
}
