import { useText } from '../../app/text-context.tsx';
import { Button } from './Button.tsx';
import { Dialog } from './Dialog.tsx';
import style from './dialog.module.css';

interface ConfirmProps {
  readonly title: string;
  readonly text: string;
  /** What is about to be done, as on its button. */
  readonly action: string;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
}

/** Asks before something that cannot be undone. */
export function Confirm({ title, text, action, onConfirm, onClose }: ConfirmProps) {
  const { t } = useText();
  return (
    <Dialog title={title} onClose={onClose}>
      <p className={style.text}>{text}</p>
      <div className={style.actions}>
        <Button onClick={onClose}>{t('app.cancel')}</Button>
        <Button
          look="danger"
          onClick={() => {
            onClose();
            onConfirm();
          }}
        >
          {action}
        </Button>
      </div>
    </Dialog>
  );
}
