import { LIST_HASH } from '../../app/route.ts';
import { useMe, useStore } from '../../app/sori-context.tsx';
import { useText } from '../../app/text-context.tsx';
import type { Room } from '../../state/model.ts';
import { counterpart } from '../../state/room-list.ts';
import { IconButton } from '../parts/Button.tsx';
import { Icon } from '../parts/Icon.tsx';
import { Portrait } from '../parts/Portrait.tsx';
import { Voiceprint } from '../parts/Voiceprint.tsx';
import style from './conversation.module.css';

interface ConversationHeaderProps {
  readonly room: Room;
  readonly title: string;
  readonly isShowingDetails: boolean;
  readonly onToggleDetails: () => void;
}

export function ConversationHeader(props: ConversationHeaderProps) {
  const { room, title, isShowingDetails, onToggleDetails } = props;
  const { t } = useText();
  const me = useMe();
  const other = useStore(({ people }) => counterpart(room, people, me.id));
  return (
    <header className={style.header}>
      <a className={style.back} href={LIST_HASH} aria-label={t('app.back')}>
        <Icon name="back" />
      </a>
      {other === undefined ? (
        <Voiceprint id={room.id} shape={room.kind === 'direct' ? 'person' : 'room'} />
      ) : (
        <Portrait userId={other.id} />
      )}
      <div className={style.names}>
        <h2 className={style.title}>{title}</h2>
        <p className={style.subtitle}>
          {other !== undefined && `@${other.handle}`}
          {room.kind === 'group' &&
            room.members !== undefined &&
            t('room.members', { count: room.members.length })}
          {room.muted && <span className={style.tag}>{t('rooms.muted')}</span>}
          {room.archived && <span className={style.tag}>{t('rooms.archived')}</span>}
        </p>
      </div>
      <IconButton
        icon="members"
        label={t('room.details')}
        aria-expanded={isShowingDetails}
        onClick={onToggleDetails}
      />
    </header>
  );
}
