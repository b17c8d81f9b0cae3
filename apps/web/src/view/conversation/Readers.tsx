import { useText } from '../../app/text-context.tsx';
import type { State } from '../../state/model.ts';
import { Voiceprint } from '../parts/Voiceprint.tsx';
import style from './readers.module.css';

/** More would be a crowd: they are counted. */
const SHOWN = 5;

interface ReadersProps {
  readonly ids: readonly string[];
  readonly people: State['people'];
}

/** Who has read down to here. */
export function Readers({ ids, people }: ReadersProps) {
  const { t, count, names } = useText();
  if (ids.length === 0) return null;
  const who = ids.map((id) => people[id]?.displayName ?? t('app.someone'));
  const label = t('message.readBy', { names: names(who) });
  return (
    <span role="img" aria-label={label} title={label} className={style.readers}>
      {ids.slice(0, SHOWN).map((id) => (
        <Voiceprint key={id} id={id} size="tiny" />
      ))}
      {ids.length > SHOWN && <span aria-hidden="true">+{count(ids.length - SHOWN)}</span>}
    </span>
  );
}
