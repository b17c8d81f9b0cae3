import { useState } from 'react';
import { useSession } from '../../app/sori-context.tsx';
import { useText } from '../../app/text-context.tsx';
import type { Message, Room } from '../../state/model.ts';
import { Confirm } from '../parts/Confirm.tsx';
import { Menu, MenuItem } from '../parts/Menu.tsx';
import style from './message-menu.module.css';

/** A small set, so that an answer is one touch. */
const EMOJI = ['👍', '❤️', '😂', '🎉', '😮', '🙏'];

interface MessageMenuProps {
  readonly room: Room;
  readonly message: Message;
  readonly isMine: boolean;
  readonly myId: string;
  readonly onEdit: (message: Message) => void;
}

export function MessageMenu({ room, message, isMine, myId, onEdit }: MessageMenuProps) {
  const { t } = useText();
  const session = useSession();
  const [isDeleting, setDeleting] = useState(false);
  const ref = { roomId: room.id, messageId: message.id };
  const mayDelete = isMine || room.role !== 'member';
  return (
    <>
      <Menu label={t('message.actions')} className={style.button} tabIndex={-1}>
        {!room.archived && (
          // biome-ignore lint/a11y/useSemanticElements: a group of menu items, not of fields
          <div className={style.emoji} role="group">
            {EMOJI.map((emoji) => {
              const chosen = message.reactions[emoji]?.includes(myId) ?? false;
              return (
                <button
                  key={emoji}
                  type="button"
                  role="menuitemcheckbox"
                  tabIndex={-1}
                  aria-checked={chosen}
                  aria-label={t('message.react', { emoji })}
                  onClick={() => void session.react(ref, emoji, !chosen)}
                >
                  {emoji}
                </button>
              );
            })}
          </div>
        )}
        <MenuItem
          icon="copy"
          onChoose={() => {
            // Refused, the text is still there to be marked and copied.
            void navigator.clipboard.writeText(message.text).catch(() => {});
          }}
        >
          {t('message.copy')}
        </MenuItem>
        {isMine && !room.archived && (
          <MenuItem icon="edit" onChoose={() => onEdit(message)}>
            {t('message.edit')}
          </MenuItem>
        )}
        {mayDelete && (
          <MenuItem icon="trash" danger onChoose={() => setDeleting(true)}>
            {t('message.delete')}
          </MenuItem>
        )}
      </Menu>
      {isDeleting && (
        <Confirm
          title={t('message.delete.title')}
          text={t('message.delete.text')}
          action={t('message.delete')}
          onConfirm={() => void session.deleteMessage(room.id, message)}
          onClose={() => setDeleting(false)}
        />
      )}
    </>
  );
}
