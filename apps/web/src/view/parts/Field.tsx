import { type ComponentProps, useId } from 'react';
import style from './field.module.css';

interface FieldProps extends Omit<ComponentProps<'input'>, 'onChange' | 'id'> {
  readonly label: string;
  readonly hint?: string;
  readonly onText: (text: string) => void;
}

/** A labelled line of text. */
export function Field({ label, hint, onText, ...props }: FieldProps) {
  const id = useId();
  return (
    <div className={style.field}>
      <label htmlFor={id} className={style.label}>
        {label}
      </label>
      <input
        {...props}
        id={id}
        className={style.input}
        aria-describedby={hint === undefined ? undefined : `${id}-hint`}
        onChange={(event) => onText(event.target.value)}
      />
      {hint !== undefined && (
        <span id={`${id}-hint`} className={style.hint}>
          {hint}
        </span>
      )}
    </div>
  );
}
