import { useStore } from '../../app/sori-context.tsx';
import { useText } from '../../app/text-context.tsx';
import { presenceOf } from '../../state/presence.ts';
import { Hidden } from './Hidden.tsx';
import style from './portrait.module.css';
import { Voiceprint } from './Voiceprint.tsx';

interface PortraitProps {
  readonly userId: string;
  readonly size?: 'small' | 'medium';
}

/** A person's picture, with a mark that says whether they are there, where that is known. */
export function Portrait({ userId, size = 'medium' }: PortraitProps) {
  const { t } = useText();
  const presence = useStore((state) => presenceOf(state, userId));
  return (
    <span className={style.portrait}>
      <Voiceprint id={userId} size={size} />
      {presence !== undefined && (
        <span
          className={`${style.mark} ${style[presence]}`}
          title={t(`presence.${presence}`)}
          data-testid="presence"
          data-presence={presence}
        >
          <Hidden>{t(`presence.${presence}`)}</Hidden>
        </span>
      )}
    </span>
  );
}
