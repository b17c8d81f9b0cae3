import { useState } from 'react';
import { LIST_HASH } from '../../app/route.ts';
import { useSession } from '../../app/sori-context.tsx';
import { useText } from '../../app/text-context.tsx';
import { Button } from '../parts/Button.tsx';
import { Quiet } from '../parts/Quiet.tsx';
import style from './rooms.module.css';

/** Where a link led to a room that the person is not in. */
export function AbsentRoom({ roomId }: { readonly roomId: string }) {
  const { t } = useText();
  const session = useSession();
  const [isBusy, setBusy] = useState(false);

  async function join(): Promise<void> {
    setBusy(true);
    await session.joinRoom(roomId);
    setBusy(false);
  }

  return (
    <Quiet title={t('room.absent.title')} text={t('room.absent.text')}>
      <Button look="primary" disabled={isBusy} onClick={() => void join()}>
        {t('room.join')}
      </Button>
      <a className={style.back} href={LIST_HASH}>
        {t('app.back')}
      </a>
    </Quiet>
  );
}
