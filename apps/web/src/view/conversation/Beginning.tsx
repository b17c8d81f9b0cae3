import { type RefObject, useEffect, useRef } from 'react';
import { useSession } from '../../app/sori-context.tsx';
import { useText } from '../../app/text-context.tsx';
import type { Timeline } from '../../state/model.ts';
import { Button } from '../parts/Button.tsx';
import style from './timeline.module.css';

/** Older messages are asked for when their place is this near to being seen. */
const NEAR = '600px 0px 0px';

interface BeginningProps {
  readonly roomId: string;
  readonly timeline: Pick<Timeline, 'older' | 'loading'>;
  readonly scroller: RefObject<HTMLElement | null>;
}

/** What stands before the first message: that more is loaded, can be, or that it is the first. */
export function Beginning({ roomId, timeline, scroller }: BeginningProps) {
  const { t } = useText();
  const session = useSession();
  const { older, loading } = timeline;
  const mark = useRef<HTMLDivElement>(null);

  useEffect(() => {
    // The latest page is asked for when the room is opened, and a failed one by a person.
    if (typeof older !== 'number' || loading !== 'idle' || mark.current === null) return;
    // Watched anew after every page: it may still be in sight.
    const observer = new IntersectionObserver(
      ([entry]) => {
        if (entry?.isIntersecting) void session.loadHistory(roomId);
      },
      { root: scroller.current, rootMargin: NEAR },
    );
    observer.observe(mark.current);
    return () => observer.disconnect();
  }, [session, roomId, older, loading, scroller]);

  if (older === 'none') {
    return (
      <div className={style.start} data-testid="beginning">
        <h3>{t('room.start.title')}</h3>
        <p>{t('room.start.text')}</p>
      </div>
    );
  }
  return (
    <div ref={mark} className={style.older} data-testid="older" data-state={loading}>
      {loading === 'loading' && <p role="status">{t('room.older.loading')}</p>}
      {loading === 'failed' && <p role="alert">{t('room.older.failed')}</p>}
      {loading === 'failed' && (
        <Button icon="retry" onClick={() => void session.loadHistory(roomId)}>
          {t('app.retry')}
        </Button>
      )}
      {loading === 'idle' && (
        <Button onClick={() => void session.loadHistory(roomId)}>{t('room.older')}</Button>
      )}
    </div>
  );
}
