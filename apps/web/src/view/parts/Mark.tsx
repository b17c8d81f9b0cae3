import style from './mark.module.css';

/** The product's mark: five bars of sound, two of them somebody else's. */
export function Mark({ size = 28 }: { readonly size?: number }) {
  return (
    <svg className={style.mark} aria-hidden="true" width={size} height={size} viewBox="0 0 32 32">
      <path d="M7 14v4M12 10v12M17 6.5v19" />
      <path className={style.other} d="M22 11v10M26.5 14.5v3" />
    </svg>
  );
}
