import { type KeyboardEvent, memo } from 'react';
import { useText } from '../../app/text-context.tsx';
import type { Message, Room, State } from '../../state/model.ts';
import { Hidden } from '../parts/Hidden.tsx';
import { ROVING } from '../parts/use-roving-focus.ts';
import { DeliveryMark } from './DeliveryMark.tsx';
import { MessageMenu } from './MessageMenu.tsx';
import { MessageText } from './MessageText.tsx';
import style from './message.module.css';
import { Reactions } from './Reactions.tsx';
import { Readers } from './Readers.tsx';

interface MessageItemProps {
  readonly room: Room;
  readonly message: Message;
  readonly author: string;
  readonly isMine: boolean;
  readonly isLastOfMine: boolean;
  readonly readers: readonly string[];
  readonly people: State['people'];
  readonly myId: string;
  readonly onEdit: (message: Message) => void;
}

/** A message that the log has. */
export const MessageItem = memo(function MessageItem(props: MessageItemProps) {
  const { room, message, author, isMine, isLastOfMine, readers, people, myId, onEdit } = props;
  const { t, time, moment } = useText();
  const sentAt = new Date(message.sentAt);
  return (
    <li
      {...ROVING}
      className={isMine ? `${style.entry} ${style.mine}` : style.entry}
      data-message-id={message.id}
      data-client-message-id={message.clientMessageId}
      data-state="received"
      onKeyDown={openMenuOnEnter}
    >
      <Hidden>{`${author}, ${time(sentAt)}: `}</Hidden>
      <div className={style.line}>
        <div className={style.bubble} title={moment(sentAt)}>
          {message.deleted ? (
            <em className={style.deleted}>{t('message.deleted')}</em>
          ) : (
            <MessageText text={message.text} />
          )}
          {message.editedAt !== undefined && !message.deleted && (
            <span className={style.edited}> ({t('message.edited')})</span>
          )}
        </div>
        {!message.deleted && (
          <MessageMenu room={room} message={message} isMine={isMine} myId={myId} onEdit={onEdit} />
        )}
      </div>
      <Reactions roomId={room.id} message={message} people={people} myId={myId} />
      {(isLastOfMine || readers.length > 0) && (
        <div className={style.foot}>
          {isLastOfMine && (
            <>
              <time dateTime={message.sentAt}>{time(sentAt)}</time>
              <DeliveryMark state="received" />
            </>
          )}
          <Readers ids={readers} people={people} />
        </div>
      )}
    </li>
  );
});

/** The one stop for Tab is the message itself; what can be done with it is one key away. */
function openMenuOnEnter(event: KeyboardEvent<HTMLLIElement>): void {
  if (event.key !== 'Enter' || event.target !== event.currentTarget) return;
  event.preventDefault();
  event.currentTarget.querySelector<HTMLElement>('[aria-haspopup="menu"]')?.click();
}
