import { type FormEvent, useState } from 'react';
import { useSession } from '../../app/sori-context.tsx';
import { useText } from '../../app/text-context.tsx';
import type { Person, Room } from '../../state/model.ts';
import { Button } from '../parts/Button.tsx';
import { Dialog } from '../parts/Dialog.tsx';
import { PeoplePicker } from './PeoplePicker.tsx';
import style from './rooms.module.css';

interface InviteDialogProps {
  readonly room: Room;
  readonly onClose: () => void;
}

export function InviteDialog({ room, onClose }: InviteDialogProps) {
  const { t } = useText();
  const session = useSession();
  const [chosen, setChosen] = useState<readonly Person[]>([]);

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    onClose();
    // One after the other: each raises the version of the room's members.
    for (const { id } of chosen) await session.invite(room.id, id);
  }

  return (
    <Dialog title={t('details.invite')} onClose={onClose}>
      <form className={style.form} onSubmit={(event) => void submit(event)}>
        <PeoplePicker
          label={t('people.find')}
          chosen={chosen}
          onChange={setChosen}
          excluded={(room.members ?? []).map(({ userId }) => userId)}
        />
        <Button look="primary" type="submit" disabled={chosen.length === 0}>
          {t('newRoom.invite')}
        </Button>
      </form>
    </Dialog>
  );
}
