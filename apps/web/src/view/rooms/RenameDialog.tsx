import { type FormEvent, useState } from 'react';
import { useSession } from '../../app/sori-context.tsx';
import { useText } from '../../app/text-context.tsx';
import type { Room } from '../../state/model.ts';
import { Button } from '../parts/Button.tsx';
import { Dialog } from '../parts/Dialog.tsx';
import { Field } from '../parts/Field.tsx';
import style from './rooms.module.css';

/** As the catalog has it: `RoomName`. */
const NAME_MAX_LENGTH = 120;

interface RenameDialogProps {
  readonly room: Room;
  readonly onClose: () => void;
}

export function RenameDialog({ room, onClose }: RenameDialogProps) {
  const { t } = useText();
  const session = useSession();
  const [name, setName] = useState(room.name);
  const wanted = name.trim();

  function submit(event: FormEvent): void {
    event.preventDefault();
    onClose();
    if (wanted !== room.name) void session.renameRoom(room.id, wanted);
  }

  return (
    <Dialog title={t('details.rename')} onClose={onClose}>
      <form className={style.form} onSubmit={submit}>
        <Field
          label={t('details.name')}
          value={name}
          onText={setName}
          maxLength={NAME_MAX_LENGTH}
          required
          autoComplete="off"
        />
        <Button look="primary" type="submit" disabled={wanted === ''}>
          {t('me.save')}
        </Button>
      </form>
    </Dialog>
  );
}
