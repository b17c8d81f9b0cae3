import { useState } from 'react';
import { PEOPLE_HASH, type Route } from '../../app/route.ts';
import { useStore } from '../../app/sori-context.tsx';
import { useText } from '../../app/text-context.tsx';
import { IconButton } from '../parts/Button.tsx';
import { Icon } from '../parts/Icon.tsx';
import { Mark } from '../parts/Mark.tsx';
import { NewRoomDialog } from '../rooms/NewRoomDialog.tsx';
import { Account } from './Account.tsx';
import { RoomList } from './RoomList.tsx';
import style from './sidebar.module.css';

export function Sidebar({ route }: { readonly route: Route }) {
  const { t } = useText();
  const [isOpening, setOpening] = useState(false);
  return (
    <div className={style.sidebar}>
      <header className={style.header}>
        <Mark />
        <h1 className={style.wordmark}>Sori</h1>
        <IconButton icon="add" label={t('rooms.new')} onClick={() => setOpening(true)} />
      </header>
      <nav aria-label={t('rooms.title')} className={style.rooms}>
        <PeopleLink isCurrent={route.name === 'people'} />
        <RoomList currentId={route.name === 'room' ? route.roomId : undefined} />
      </nav>
      <Account />
      {isOpening && <NewRoomDialog onClose={() => setOpening(false)} />}
    </div>
  );
}

function PeopleLink({ isCurrent }: { readonly isCurrent: boolean }) {
  const { t, count } = useText();
  const waiting = useStore(({ friends }) => friends.incoming.length);
  return (
    <a href={PEOPLE_HASH} className={style.people} aria-current={isCurrent ? 'page' : undefined}>
      <Icon name="members" />
      <span>{t('people.title')}</span>
      {waiting > 0 && (
        <span
          role="img"
          aria-label={t('people.waiting', { count: waiting })}
          className={style.badge}
        >
          {count(waiting)}
        </span>
      )}
    </a>
  );
}
