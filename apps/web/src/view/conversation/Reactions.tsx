import { useSession } from '../../app/sori-context.tsx';
import { useText } from '../../app/text-context.tsx';
import type { Message, State } from '../../state/model.ts';
import style from './reactions.module.css';

interface ReactionsProps {
  readonly roomId: string;
  readonly message: Message;
  readonly people: State['people'];
  readonly myId: string;
}

export function Reactions({ roomId, message, people, myId }: ReactionsProps) {
  const { t, count, names } = useText();
  const session = useSession();
  const reactions = Object.entries(message.reactions);
  if (reactions.length === 0) return null;
  return (
    <ul className={style.reactions}>
      {reactions.map(([emoji, userIds]) => {
        const isMine = userIds.includes(myId);
        const who = userIds.map((id) =>
          id === myId ? t('app.you') : (people[id]?.displayName ?? t('app.someone')),
        );
        const label = t('message.reaction', { emoji, count: who.length, names: names(who) });
        return (
          <li key={emoji}>
            <button
              type="button"
              className={style.reaction}
              aria-pressed={isMine}
              aria-label={label}
              title={label}
              onClick={() => void session.react({ roomId, messageId: message.id }, emoji, !isMine)}
            >
              {emoji} <span>{count(userIds.length)}</span>
            </button>
          </li>
        );
      })}
    </ul>
  );
}
