import { useEffect, useState } from 'react';
import { useSession, useStore } from '../../app/sori-context.tsx';
import { useText } from '../../app/text-context.tsx';
import { Button } from '../parts/Button.tsx';
import { Hidden } from '../parts/Hidden.tsx';
import style from './connection-banner.module.css';

/** Says how the connection is where it is not as it should be, and what may be missing for it. */
export function ConnectionBanner() {
  const { t } = useText();
  const session = useSession();
  const connection = useStore((state) => state.connection);
  const incomplete = useStore(({ watching, timelines }) =>
    watching !== undefined && timelines[watching]?.gapAfter !== undefined ? watching : undefined,
  );
  const [wasOffline, setWasOffline] = useState(false);
  useEffect(() => {
    if (connection === 'offline') setWasOffline(true);
  }, [connection]);

  return (
    <div className={style.banners} role="status" data-testid="connection" data-state={connection}>
      {connection === 'connecting' && (
        <p className={`${style.banner} ${style.connecting}`}>
          <span className={style.dots} aria-hidden="true" />
          {t('connection.connecting')}
        </p>
      )}
      {connection === 'offline' && (
        <p className={`${style.banner} ${style.offline}`}>
          {t('connection.offline')}
          <Button icon="retry" onClick={session.retryNow}>
            {t('connection.retry')}
          </Button>
        </p>
      )}
      {connection === 'live' && wasOffline && <Hidden>{t('connection.live')}</Hidden>}
      {incomplete !== undefined && (
        <p className={style.banner} data-testid="gap">
          {t('connection.gap')}
          <Button onClick={() => void session.loadHistory(incomplete)}>
            {t('connection.gap.load')}
          </Button>
        </p>
      )}
    </div>
  );
}
