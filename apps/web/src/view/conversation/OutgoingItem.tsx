import { memo } from 'react';
import { useDispatch, useSession } from '../../app/sori-context.tsx';
import { useText } from '../../app/text-context.tsx';
import type { OutgoingMessage } from '../../state/model.ts';
import { problemText } from '../../text/problem.ts';
import { Button } from '../parts/Button.tsx';
import { Hidden } from '../parts/Hidden.tsx';
import { ROVING } from '../parts/use-roving-focus.ts';
import { DeliveryMark } from './DeliveryMark.tsx';
import { MessageText } from './MessageText.tsx';
import style from './message.module.css';

interface OutgoingItemProps {
  readonly roomId: string;
  readonly outgoing: OutgoingMessage;
}

/** A message of mine on its way, or one that did not make it. */
export const OutgoingItem = memo(function OutgoingItem({ roomId, outgoing }: OutgoingItemProps) {
  const text = useText();
  const { t, time } = text;
  const session = useSession();
  const dispatch = useDispatch();
  const { clientMessageId, state, problem, createdAt } = outgoing;
  return (
    <li
      {...ROVING}
      className={`${style.entry} ${style.mine} ${style[state]}`}
      data-message-id={outgoing.messageId}
      data-client-message-id={clientMessageId}
      data-state={state}
    >
      <Hidden>{`${t('app.you')}, ${time(new Date(createdAt))}: `}</Hidden>
      <div className={style.line}>
        <div className={style.bubble}>
          <MessageText text={outgoing.text} />
        </div>
      </div>
      {state === 'failed' ? (
        <div className={style.failure} role="alert">
          <span>{t('message.failed', { reason: problemText(text, problem ?? 'unknown') })}</span>
          <Button icon="retry" onClick={() => session.retry(roomId, clientMessageId)}>
            {t('message.retry')}
          </Button>
          <Button
            look="quiet"
            onClick={() => dispatch({ type: 'message/discarded', roomId, clientMessageId })}
          >
            {t('message.discard')}
          </Button>
        </div>
      ) : (
        <div className={style.foot}>
          <time dateTime={createdAt}>{time(new Date(createdAt))}</time>
          <DeliveryMark state={state} />
        </div>
      )}
    </li>
  );
});
