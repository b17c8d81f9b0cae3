import { useMemo, useRef, useState } from 'react';
import { useMe, useStore } from '../../app/sori-context.tsx';
import { useText } from '../../app/text-context.tsx';
import { useNow } from '../../app/use-browser.ts';
import { orderRooms, roomTitle } from '../../state/room-list.ts';
import { Icon } from '../parts/Icon.tsx';
import { useRovingFocus } from '../parts/use-roving-focus.ts';
import { RoomRow } from './RoomRow.tsx';
import style from './sidebar.module.css';

export function RoomList({ currentId }: { readonly currentId: string | undefined }) {
  const { t, language } = useText();
  const [wanted, setWanted] = useState('');
  const me = useMe();
  const now = useNow();
  const rooms = useStore((state) => state.rooms);
  const people = useStore((state) => state.people);
  const timelines = useStore((state) => state.timelines);
  const drafts = useStore((state) => state.drafts);
  const isLoaded = useStore((state) => state.roomsLoaded);
  const list = useRef<HTMLUListElement>(null);
  const moveFocus = useRovingFocus(list, 'first');

  const ordered = useMemo(() => {
    const { compare } = new Intl.Collator(language, { numeric: true });
    return orderRooms(rooms, timelines, (room) => roomTitle(room, people, me.id), compare);
  }, [rooms, timelines, people, me.id, language]);
  const needle = wanted.trim().toLocaleLowerCase(language);
  const shown = ordered
    .map((room) => ({ room, title: roomTitle(room, people, me.id) }))
    .filter(({ title }) => title.toLocaleLowerCase(language).includes(needle));

  return (
    <>
      <label className={style.find}>
        <Icon name="search" />
        <input
          type="search"
          aria-label={t('rooms.find')}
          placeholder={t('rooms.find')}
          value={wanted}
          onChange={(event) => setWanted(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === 'Escape') setWanted('');
            if (event.key !== 'ArrowDown') return;
            event.preventDefault();
            list.current?.querySelector('a')?.focus();
          }}
        />
      </label>
      <ul ref={list} className={style.list} onKeyDown={moveFocus}>
        {shown.map(({ room, title }) => (
          <RoomRow
            key={room.id}
            room={room}
            title={title}
            timeline={timelines[room.id]}
            draft={room.id === currentId ? '' : (drafts[room.id] ?? '')}
            isCurrent={room.id === currentId}
            people={people}
            myId={me.id}
            now={now}
          />
        ))}
      </ul>
      {shown.length === 0 && (
        <p className={style.none}>
          {t(!isLoaded ? 'rooms.loading' : needle === '' ? 'rooms.none' : 'rooms.noMatch')}
        </p>
      )}
    </>
  );
}
