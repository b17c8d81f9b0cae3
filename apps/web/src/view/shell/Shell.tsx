import { useMe, useStore } from '../../app/sori-context.tsx';
import { useText } from '../../app/text-context.tsx';
import { useRoute } from '../../app/use-browser.ts';
import { Conversation } from '../conversation/Conversation.tsx';
import { Quiet } from '../parts/Quiet.tsx';
import { People } from '../people/People.tsx';
import { AbsentRoom } from '../rooms/AbsentRoom.tsx';
import { Sidebar } from '../sidebar/Sidebar.tsx';
import { ConnectionBanner } from './ConnectionBanner.tsx';
import { Notices } from './Notices.tsx';
import style from './shell.module.css';
import { useTitle } from './use-title.ts';

/** The page of somebody who is signed in: the list beside what was chosen from it. */
export function Shell() {
  const { t } = useText();
  const route = useRoute();
  const me = useMe();
  const hasRoom = useStore(
    ({ rooms }) => route.name === 'room' && rooms[route.roomId] !== undefined,
  );
  const isLoaded = useStore(({ roomsLoaded }) => roomsLoaded);
  useTitle(route, me.id);

  return (
    <div className={style.shell} data-showing={route.name === 'list' ? 'list' : 'sheet'}>
      {/* biome-ignore lint/a11y/useValidAnchor: it leads into the page, whose address names the room */}
      <a
        className={style.skip}
        href="#sheet"
        onClick={(event) => {
          // The address names the room: the focus moves, and it stays.
          event.preventDefault();
          document.getElementById('sheet')?.focus();
        }}
      >
        {t('app.skip')}
      </a>
      <ConnectionBanner />
      <div className={style.list}>
        <Sidebar route={route} />
      </div>
      <main id="sheet" tabIndex={-1} className={style.sheet}>
        {route.name === 'people' && <People />}
        {route.name === 'list' && (
          <Quiet title={t('rooms.pick.title')} text={t('rooms.pick.text')} />
        )}
        {/* By its id: another room is another conversation, from its scroll position on. */}
        {route.name === 'room' && hasRoom && (
          <Conversation key={route.roomId} roomId={route.roomId} />
        )}
        {route.name === 'room' && !hasRoom && isLoaded && <AbsentRoom roomId={route.roomId} />}
      </main>
      <Notices />
    </div>
  );
}
