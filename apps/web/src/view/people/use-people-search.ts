import { useEffect, useState } from 'react';
import { useSession } from '../../app/sori-context.tsx';
import type { Person } from '../../state/model.ts';

/** A question waits until this long nothing was typed. */
const PAUSE_MS = 220;

/** People whose name or handle begins so; undefined for an empty question or until there is an answer. */
export function usePeopleSearch(query: string): readonly Person[] | undefined {
  const session = useSession();
  const [found, setFound] = useState<readonly Person[]>();
  const wanted = query.trim();
  useEffect(() => {
    if (wanted === '') {
      setFound(undefined);
      return;
    }
    let isLate = false;
    const timer = setTimeout(async () => {
      const people = await session.searchPeople(wanted);
      if (!isLate) setFound(people);
    }, PAUSE_MS);
    return () => {
      isLate = true;
      clearTimeout(timer);
    };
  }, [session, wanted]);
  return found;
}
