import { useText } from '../../app/text-context.tsx';
import { Hidden } from '../parts/Hidden.tsx';
import { Mark } from '../parts/Mark.tsx';
import style from './opening.module.css';

/** Before it is known who is here: the mark, and only if that takes long. */
export function Opening() {
  const { t } = useText();
  return (
    <main className={style.opening} aria-busy="true">
      <Mark size={56} />
      <Hidden>
        <h1>{t('app.loading')}</h1>
      </Hidden>
    </main>
  );
}
