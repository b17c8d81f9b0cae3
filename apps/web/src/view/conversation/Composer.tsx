import { type FormEvent, type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { useDispatch, useMe, useSession, useStore } from '../../app/sori-context.tsx';
import { useText } from '../../app/text-context.tsx';
import type { Message, Room } from '../../state/model.ts';
import { Button, IconButton } from '../parts/Button.tsx';
import { Hidden } from '../parts/Hidden.tsx';
import { Icon } from '../parts/Icon.tsx';
import style from './composer.module.css';

/** As the catalog has it: `MESSAGE_TEXT_MAX_LENGTH`. */
const TEXT_MAX_LENGTH = 8_000;
/** How much is left is told from here on. */
const TELL_LEFT = 500;
const ROWS_MAX = 8;

interface ComposerProps {
  readonly room: Room;
  readonly title: string;
  /** The message whose text is being changed, undefined for a new one. */
  readonly editing: Message | undefined;
  readonly onEdit: (message: Message | undefined) => void;
}

export function Composer({ room, title, editing, onEdit }: ComposerProps) {
  const { t } = useText();
  const session = useSession();
  const dispatch = useDispatch();
  const me = useMe();
  const draft = useStore(({ drafts }) => drafts[room.id] ?? '');
  const messages = useStore(({ timelines }) => timelines[room.id]?.messages);
  const [changed, setChanged] = useState(editing?.text ?? '');
  const input = useRef<HTMLTextAreaElement>(null);
  const text = editing === undefined ? draft : changed;

  useEffect(() => {
    // With a touch screen the focus brings up a keyboard that covers what one came to read.
    const isTouched = matchMedia('(pointer: coarse)').matches;
    if (editing === undefined && isTouched) return;
    input.current?.focus();
    input.current?.setSelectionRange(-1, -1);
  }, [editing]);

  function write(value: string): void {
    if (editing === undefined) dispatch({ type: 'draft/changed', roomId: room.id, text: value });
    else setChanged(value);
  }

  function submit(event?: FormEvent): void {
    event?.preventDefault();
    const said = text.trim();
    if (said === '') return;
    if (editing === undefined) {
      write('');
      session.send(room.id, said);
    } else {
      if (said !== editing.text) void session.edit(room.id, editing, said);
      onEdit(undefined);
    }
    input.current?.focus();
  }

  function onKeyDown(event: KeyboardEvent): void {
    // While a syllable is being put together, Enter only ends it: Korean, Japanese, Chinese.
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault();
      submit();
    } else if (event.key === 'Escape' && editing !== undefined) {
      onEdit(undefined);
    } else if (event.key === 'ArrowUp' && text === '') {
      const mine = messages?.findLast(({ userId, deleted }) => userId === me.id && !deleted);
      if (mine === undefined) return;
      event.preventDefault();
      onEdit(mine);
    }
  }

  if (room.archived) {
    return (
      <p className={style.archived}>
        <Icon name="archive" />
        {t('room.archived')}
      </p>
    );
  }
  return (
    <form className={style.composer} onSubmit={submit}>
      {editing !== undefined && (
        <p className={style.editing}>
          <Icon name="edit" size={16} />
          <span>{t('message.editing')}</span>
          <IconButton icon="close" label={t('app.cancel')} onClick={() => onEdit(undefined)} />
        </p>
      )}
      <div className={style.box}>
        <textarea
          ref={input}
          className={style.input}
          // Where the field does not grow by itself.
          rows={Math.min(ROWS_MAX, text.split('\n').length)}
          aria-label={t('message.label')}
          aria-describedby="composer-hint"
          placeholder={t('message.placeholder', { room: title })}
          value={text}
          maxLength={TEXT_MAX_LENGTH}
          enterKeyHint="send"
          dir="auto"
          onChange={(event) => write(event.target.value)}
          onKeyDown={onKeyDown}
        />
        <span id="composer-hint">
          <Hidden>{t('message.hint')}</Hidden>
        </span>
        <Button
          look="primary"
          type="submit"
          className={style.send}
          icon={editing === undefined ? 'send' : 'check'}
          disabled={text.trim() === ''}
          aria-label={t(editing === undefined ? 'message.send' : 'message.save')}
          title={t(editing === undefined ? 'message.send' : 'message.save')}
        />
      </div>
      {TEXT_MAX_LENGTH - text.length <= TELL_LEFT && (
        <p className={style.left} role="status">
          {t('message.left', { count: TEXT_MAX_LENGTH - text.length })}
        </p>
      )}
    </form>
  );
}
