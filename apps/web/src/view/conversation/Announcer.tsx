import { useState } from 'react';
import { useText } from '../../app/text-context.tsx';
import type { Message, State } from '../../state/model.ts';
import { Hidden } from '../parts/Hidden.tsx';

/** As many as a burst may bring; what came earlier has been said. */
const ANNOUNCED = 5;

interface AnnouncerProps {
  readonly messages: readonly Message[];
  readonly people: State['people'];
  readonly myId: string;
}

/**
 * Tells a screen reader what others say from now on. Not the list itself: that would read out what
 * was there before, and a person's own words again.
 */
export function Announcer({ messages, people, myId }: AnnouncerProps) {
  const { t } = useText();
  const [before] = useState(() => messages.at(-1)?.id);
  const start = messages.findLastIndex(({ id }) => id === before) + 1;
  const heard = messages.slice(start).filter(({ userId }) => userId !== myId);
  return (
    <Hidden>
      <span role="log" aria-live="polite">
        {heard.slice(-ANNOUNCED).map(({ id, userId, text }) => (
          <span key={id}>
            {t('message.announced', {
              name: people[userId]?.displayName ?? t('app.someone'),
              text,
            })}
          </span>
        ))}
      </span>
    </Hidden>
  );
}
