import { type FormEvent, useState } from 'react';
import { roomHash } from '../../app/route.ts';
import { useSession } from '../../app/sori-context.tsx';
import { useText } from '../../app/text-context.tsx';
import type { Person } from '../../state/model.ts';
import { Button } from '../parts/Button.tsx';
import { Dialog } from '../parts/Dialog.tsx';
import { Field } from '../parts/Field.tsx';
import { PeoplePicker } from './PeoplePicker.tsx';
import style from './rooms.module.css';

/** As the catalog has it: `RoomName`. */
const NAME_MAX_LENGTH = 120;

export function NewRoomDialog({ onClose }: { readonly onClose: () => void }) {
  const { t } = useText();
  const session = useSession();
  const [name, setName] = useState('');
  const [chosen, setChosen] = useState<readonly Person[]>([]);
  const [isBusy, setBusy] = useState(false);

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    setBusy(true);
    const memberIds = chosen.map(({ id }) => id);
    const roomId = await session.createRoom({ kind: 'group', name: name.trim(), memberIds });
    setBusy(false);
    if (roomId === undefined) return;
    onClose();
    location.hash = roomHash(roomId);
  }

  return (
    <Dialog title={t('rooms.new')} onClose={onClose}>
      <form className={style.form} onSubmit={(event) => void submit(event)}>
        <Field
          label={t('newRoom.name')}
          value={name}
          onText={setName}
          maxLength={NAME_MAX_LENGTH}
          required
          autoComplete="off"
        />
        <PeoplePicker
          label={t('newRoom.people')}
          chosen={chosen}
          onChange={setChosen}
          excluded={[]}
        />
        <Button look="primary" type="submit" disabled={isBusy || name.trim() === ''}>
          {t('newRoom.create')}
        </Button>
      </form>
    </Dialog>
  );
}
