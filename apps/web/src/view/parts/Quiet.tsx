import type { ReactNode } from 'react';
import style from './quiet.module.css';

interface QuietProps {
  readonly title: string;
  readonly text: string;
  /** What can be done about it. */
  readonly children?: ReactNode;
}

/** Where there is nothing to show: says why, and what to do. */
export function Quiet({ title, text, children }: QuietProps) {
  return (
    <div className={style.quiet}>
      <svg className={style.line} aria-hidden="true" viewBox="0 0 120 24">
        <path d="M2 12h34M42 10v4M48 7v10M54 11v2M60 4v16M66 9v6M72 11v2M78 10v4M84 12h34" />
      </svg>
      <h2 className={style.title}>{title}</h2>
      <p className={style.text}>{text}</p>
      {children}
    </div>
  );
}
