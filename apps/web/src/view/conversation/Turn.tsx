import { useText } from '../../app/text-context.tsx';
import type { Message, Room, State } from '../../state/model.ts';
import type { Entry } from '../../state/transcript.ts';
import { Voiceprint } from '../parts/Voiceprint.tsx';
import { MessageItem } from './MessageItem.tsx';
import { OutgoingItem } from './OutgoingItem.tsx';
import style from './turn.module.css';

interface TurnProps {
  readonly room: Room;
  readonly userId: string;
  readonly entries: readonly Entry[];
  readonly people: State['people'];
  readonly myId: string;
  readonly onEdit: (message: Message) => void;
}

/** What one person said in a row. */
export function Turn({ room, userId, entries, people, myId, onEdit }: TurnProps) {
  const { t, time, moment } = useText();
  const isMine = userId === myId;
  const name = people[userId]?.displayName ?? t('app.someone');
  const began = entries[0]?.at;
  const last = entries.at(-1);
  return (
    <li className={isMine ? `${style.turn} ${style.mine}` : style.turn}>
      {!isMine && (
        <>
          <Voiceprint id={userId} />
          <p className={style.who}>
            <span className={style.name}>{name}</span>
            {began !== undefined && (
              <time dateTime={began} title={moment(new Date(began))} className={style.time}>
                {time(new Date(began))}
              </time>
            )}
          </p>
        </>
      )}
      <ol className={style.entries}>
        {entries.map(({ key, said, readers }) =>
          said.kind === 'message' ? (
            <MessageItem
              key={key}
              room={room}
              message={said.message}
              author={isMine ? t('app.you') : name}
              isMine={isMine}
              isLastOfMine={isMine && last?.key === key}
              readers={readers}
              people={people}
              myId={myId}
              onEdit={onEdit}
            />
          ) : (
            <OutgoingItem key={key} roomId={room.id} outgoing={said.outgoing} />
          ),
        )}
      </ol>
    </li>
  );
}
