import { useEffect } from 'react';
import { useDispatch, useStore } from '../../app/sori-context.tsx';
import { useText } from '../../app/text-context.tsx';
import type { Notice } from '../../state/model.ts';
import { problemText } from '../../text/problem.ts';
import { IconButton } from '../parts/Button.tsx';
import style from './notices.module.css';

/** Long enough to read twice. */
const SHOWN_MS = 9_000;

/** What went wrong with what was just asked for. */
export function Notices() {
  const notices = useStore((state) => state.notices);
  return (
    <div className={style.notices} role="alert">
      {notices.map((notice) => (
        <NoticeCard key={notice.id} notice={notice} />
      ))}
    </div>
  );
}

function NoticeCard({ notice }: { readonly notice: Notice }) {
  const text = useText();
  const dispatch = useDispatch();
  const { id } = notice;
  useEffect(() => {
    const timer = setTimeout(() => dispatch({ type: 'notice/dismissed', id }), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [dispatch, id]);
  return (
    <p className={style.notice}>
      {problemText(text, notice.code)}
      <IconButton
        icon="close"
        label={text.t('notice.dismiss')}
        onClick={() => dispatch({ type: 'notice/dismissed', id })}
      />
    </p>
  );
}
