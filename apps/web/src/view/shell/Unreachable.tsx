import { useSession } from '../../app/sori-context.tsx';
import { useText } from '../../app/text-context.tsx';
import { Button } from '../parts/Button.tsx';
import { Quiet } from '../parts/Quiet.tsx';
import style from './opening.module.css';

/** The gateway did not even say who is here. */
export function Unreachable() {
  const { t } = useText();
  const session = useSession();
  return (
    <main className={style.opening}>
      <Quiet title={t('app.unreachable.title')} text={t('app.unreachable.text')}>
        <Button look="primary" icon="retry" onClick={() => void session.start()}>
          {t('app.retry')}
        </Button>
      </Quiet>
    </main>
  );
}
