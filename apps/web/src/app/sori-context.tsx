import { createContext, type ReactNode, useContext, useSyncExternalStore } from 'react';
import type { Session } from '../session/session.ts';
import type { Action } from '../state/actions.ts';
import type { Person, State } from '../state/model.ts';
import type { Store } from '../state/store.ts';

interface Sori {
  readonly store: Store;
  readonly session: Session;
}

const Context = createContext<Sori | undefined>(undefined);

export function SoriProvider({ sori, children }: { sori: Sori; children: ReactNode }) {
  return <Context value={sori}>{children}</Context>;
}

/**
 * A part of the state, rendered again when it is another. `select` gives the same value for the
 * same state: what it makes anew belongs into useMemo.
 */
export function useStore<Selected>(select: (state: State) => Selected): Selected {
  const { store } = useSori();
  return useSyncExternalStore(store.subscribe, () => select(store.state()));
}

export function useSession(): Session {
  return useSori().session;
}

export function useDispatch(): (action: Action) => void {
  return useSori().store.dispatch;
}

/** Who is signed in. Only below the sign-in form. */
export function useMe(): Person {
  return useStore(({ phase }) => {
    if (phase.name !== 'signed-in') throw new Error('nobody is signed in');
    return phase.me;
  });
}

function useSori(): Sori {
  const sori = useContext(Context);
  if (sori === undefined) throw new Error('SoriProvider is missing');
  return sori;
}
