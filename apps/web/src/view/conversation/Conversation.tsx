import { useEffect, useState } from 'react';
import { useDispatch, useMe, useSession, useStore } from '../../app/sori-context.tsx';
import { useVisible } from '../../app/use-browser.ts';
import { EMPTY_TIMELINE, type Message } from '../../state/model.ts';
import { roomTitle } from '../../state/room-list.ts';
import { Details } from '../details/Details.tsx';
import { Composer } from './Composer.tsx';
import { ConversationHeader } from './ConversationHeader.tsx';
import style from './conversation.module.css';
import { Timeline } from './Timeline.tsx';

/** One room: what is said in it, and where to say something. */
export function Conversation({ roomId }: { readonly roomId: string }) {
  const me = useMe();
  const session = useSession();
  const dispatch = useDispatch();
  const isVisible = useVisible();
  const room = useStore(({ rooms }) => rooms[roomId]);
  const people = useStore((state) => state.people);
  const [editing, setEditing] = useState<Message>();
  const [isShowingDetails, setShowingDetails] = useState(false);
  // Where a page failed, a person asks for it again.
  const lacksHistory = useStore(({ timelines }) => {
    const timeline = timelines[roomId] ?? EMPTY_TIMELINE;
    return timeline.older === undefined && timeline.loading === 'idle';
  });
  const isKnown = room !== undefined;
  const hasMembers = room?.members !== undefined;

  useEffect(() => {
    dispatch({ type: 'room/watched', roomId: isVisible ? roomId : undefined });
    return () => dispatch({ type: 'room/watched', roomId: undefined });
  }, [dispatch, roomId, isVisible]);
  useEffect(() => {
    if (!hasMembers) void session.loadRoom(roomId);
  }, [session, roomId, hasMembers]);

  useEffect(() => {
    if (isKnown && lacksHistory) void session.loadHistory(roomId);
  }, [session, roomId, isKnown, lacksHistory]);

  if (room === undefined) return null;
  const title = roomTitle(room, people, me.id);
  return (
    <div className={style.conversation} data-details={isShowingDetails}>
      <section className={style.room} aria-label={title}>
        <ConversationHeader
          room={room}
          title={title}
          isShowingDetails={isShowingDetails}
          onToggleDetails={() => setShowingDetails(!isShowingDetails)}
        />
        <Timeline room={room} title={title} onEdit={setEditing} />
        <Composer
          // Another message is another text to begin with.
          key={editing?.id}
          room={room}
          title={title}
          editing={editing}
          onEdit={setEditing}
        />
      </section>
      {isShowingDetails && (
        <Details room={room} title={title} onClose={() => setShowingDetails(false)} />
      )}
    </div>
  );
}
