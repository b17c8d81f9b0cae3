import { memo } from 'react';
import { roomHash } from '../../app/route.ts';
import { useText } from '../../app/text-context.tsx';
import type { Room, State, Timeline } from '../../state/model.ts';
import { counterpart, type LastSaid, lastSaid } from '../../state/room-list.ts';
import type { Text } from '../../text/text.ts';
import { Hidden } from '../parts/Hidden.tsx';
import { Icon } from '../parts/Icon.tsx';
import { Portrait } from '../parts/Portrait.tsx';
import { ROVING } from '../parts/use-roving-focus.ts';
import { Voiceprint } from '../parts/Voiceprint.tsx';
import style from './room-row.module.css';

/** The server counts what is unread up to one more than this. */
const COUNTED = 99;

interface RoomRowProps {
  readonly room: Room;
  readonly title: string;
  readonly timeline: Timeline | undefined;
  /** What was begun and not sent; empty for nothing. */
  readonly draft: string;
  readonly isCurrent: boolean;
  readonly people: State['people'];
  readonly myId: string;
  readonly now: Date;
}

export const RoomRow = memo(function RoomRow(props: RoomRowProps) {
  const { room, title, timeline, draft, isCurrent, people, myId, now } = props;
  const text = useText();
  const { t, count } = text;
  const other = counterpart(room, people, myId);
  const last = lastSaid(timeline, room);
  const unread = timeline?.unread ?? 0;
  const failed = timeline?.outgoing.some(({ state }) => state === 'failed') ?? false;
  return (
    <li className={style.item}>
      <a
        {...ROVING}
        href={roomHash(room.id)}
        aria-current={isCurrent ? 'page' : undefined}
        className={unread > 0 ? `${style.row} ${style.unread}` : style.row}
        data-testid="room-row"
      >
        {other === undefined ? (
          <Voiceprint id={room.id} shape={room.kind === 'direct' ? 'person' : 'room'} />
        ) : (
          <Portrait userId={other.id} />
        )}
        <span className={style.title}>{title}</span>
        <span className={style.time}>{last !== undefined && text.ago(new Date(last.at), now)}</span>
        <span className={failed ? `${style.preview} ${style.failed}` : style.preview}>
          {draft.trim() === ''
            ? preview(text, last, room, people, myId)
            : t('rooms.draft', { text: draft })}
        </span>
        <span className={style.marks}>
          {room.muted && (
            <>
              <Icon name="bellOff" size={16} />
              <Hidden>{t('rooms.muted')}</Hidden>
            </>
          )}
          {room.archived && (
            <>
              <Icon name="archive" size={16} />
              <Hidden>{t('rooms.archived')}</Hidden>
            </>
          )}
          {unread > 0 && (
            <span className={room.muted ? `${style.count} ${style.faint}` : style.count}>
              <span aria-hidden="true">
                {unread > COUNTED ? `${count(COUNTED)}+` : count(unread)}
              </span>
              <Hidden>
                {unread > COUNTED
                  ? t('rooms.unread.many', { limit: count(COUNTED) })
                  : t('rooms.unread', { count: unread })}
              </Hidden>
            </span>
          )}
        </span>
      </a>
    </li>
  );
});

function preview(
  { t }: Text,
  last: LastSaid | undefined,
  room: Room,
  people: State['people'],
  myId: string,
): string {
  if (last === undefined) return t('rooms.preview.none');
  if (last.kind === 'outgoing') return t('rooms.preview.mine', { text: last.outgoing.text });
  const { userId, text, deleted } = last.message;
  if (deleted) return t('rooms.preview.deleted');
  if (userId === myId) return t('rooms.preview.mine', { text });
  if (room.kind === 'direct') return text;
  return t('rooms.preview', { name: people[userId]?.displayName ?? t('app.someone'), text });
}
