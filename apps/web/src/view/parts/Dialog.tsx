import { type ReactNode, useEffect, useId, useRef } from 'react';
import { useText } from '../../app/text-context.tsx';
import { IconButton } from './Button.tsx';
import style from './dialog.module.css';

interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/**
 * A modal dialog for as long as it is rendered. The browser keeps the focus inside it, closes it on
 * Escape and gives the focus back to where it was.
 */
export function Dialog({ title, onClose, children }: DialogProps) {
  const { t } = useText();
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();

  useEffect(() => {
    const element = dialog.current;
    element?.showModal();
    return () => element?.close();
  }, []);

  return (
    <dialog
      ref={dialog}
      className={style.dialog}
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => {
        // Only the backdrop is the dialog itself: its content covers the rest.
        if (event.target === dialog.current) onClose();
      }}
      onKeyDown={(event) => event.stopPropagation()}
    >
      <div className={style.content}>
        <header className={style.header}>
          <h2 id={titleId} className={style.title}>
            {title}
          </h2>
          <IconButton icon="close" label={t('app.close')} onClick={onClose} />
        </header>
        {children}
      </div>
    </dialog>
  );
}
