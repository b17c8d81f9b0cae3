import type { Action } from './actions.ts';
import { INITIAL_STATE, type State } from './model.ts';
import { reduce } from './reducer.ts';

export interface Store {
  readonly state: () => State;
  dispatch(action: Action): void;
  /** Calls `listener` after every change; returns how to stop that. */
  readonly subscribe: (listener: () => void) => () => void;
}

export function createStore(initial: State = INITIAL_STATE): Store {
  let state = initial;
  const listeners = new Set<() => void>();
  return {
    state: () => state,
    dispatch(action) {
      const next = reduce(state, action);
      if (next === state) return;
      state = next;
      for (const listener of listeners) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
