import type { ReactNode } from 'react';
import style from './hidden.module.css';

/** Said by a screen reader, seen by nobody. */
export function Hidden({ children }: { readonly children: ReactNode }) {
  return <span className={style.hidden}>{children}</span>;
}
