import { useEffect } from 'react';
import type { Route } from '../../app/route.ts';
import { useStore } from '../../app/sori-context.tsx';
import { useText } from '../../app/text-context.tsx';
import { roomTitle, unreadInAll } from '../../state/room-list.ts';

/** The window's title: what is unread, where one is, and the product. */
export function useTitle(route: Route, myId: string): void {
  const { t, count } = useText();
  const unread = useStore(unreadInAll);
  const place = useStore(({ rooms, people }) => {
    const room = route.name === 'room' ? rooms[route.roomId] : undefined;
    return room && roomTitle(room, people, myId);
  });
  const where = route.name === 'people' ? t('people.title') : place;
  const title = where === undefined ? 'Sori' : `${where} · Sori`;
  useEffect(() => {
    document.title = unread === 0 ? title : `(${count(unread)}) ${title}`;
  }, [title, unread, count]);
  // Signed out, nothing of it is left to read.
  useEffect(
    () => () => {
      document.title = 'Sori';
    },
    [],
  );
}
