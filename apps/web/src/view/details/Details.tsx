import { useEffect, useRef, useState } from 'react';
import { roomHash } from '../../app/route.ts';
import { useMe, useSession } from '../../app/sori-context.tsx';
import { useText } from '../../app/text-context.tsx';
import type { Room } from '../../state/model.ts';
import { Button, IconButton } from '../parts/Button.tsx';
import { Confirm } from '../parts/Confirm.tsx';
import { Hidden } from '../parts/Hidden.tsx';
import { Switch } from '../parts/Switch.tsx';
import { InviteDialog } from '../rooms/InviteDialog.tsx';
import { RenameDialog } from '../rooms/RenameDialog.tsx';
import style from './details.module.css';
import { MemberList } from './MemberList.tsx';

interface DetailsProps {
  readonly room: Room;
  readonly title: string;
  readonly onClose: () => void;
}

type Asking = 'leave' | 'archive' | 'invite' | 'rename';

/** Who is in a room, and what can be done about it. */
export function Details({ room, title, onClose }: DetailsProps) {
  const { t } = useText();
  const session = useSession();
  const me = useMe();
  const panel = useRef<HTMLElement>(null);
  const [asking, setAsking] = useState<Asking>();
  const close = () => setAsking(undefined);
  const isGroup = room.kind === 'group';
  const isWritable = isGroup && !room.archived;
  const mayManage = isWritable && room.role !== 'member';

  useEffect(() => {
    const before = document.activeElement;
    panel.current?.focus();
    return () => {
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);

  return (
    <aside
      ref={panel}
      tabIndex={-1}
      className={style.details}
      aria-label={t('room.details')}
      onKeyDown={(event) => {
        if (event.key === 'Escape') onClose();
      }}
    >
      <header className={style.header}>
        <h2 className={style.title}>{t('details.title')}</h2>
        <IconButton icon="close" label={t('app.close')} onClick={onClose} />
      </header>

      <Switch
        label={t('details.mute')}
        hint={t('details.mute.hint')}
        isOn={room.muted}
        onChange={(muted) => void session.mute(room.id, muted)}
      />

      <section className={style.section} aria-labelledby="details-members">
        <h3 id="details-members" className={style.heading}>
          {t('details.members')}
        </h3>
        <MemberList room={room} myId={me.id} />
        {isWritable && (
          <Button icon="add" onClick={() => setAsking('invite')}>
            {t('details.invite')}
          </Button>
        )}
      </section>

      {isGroup && (
        <section className={style.section}>
          <CopyLink roomId={room.id} />
          {mayManage && (
            <Button look="quiet" icon="edit" onClick={() => setAsking('rename')}>
              {t('details.rename')}
            </Button>
          )}
          {isWritable && room.role === 'owner' && (
            <Button look="quiet" icon="archive" onClick={() => setAsking('archive')}>
              {t('details.archive')}
            </Button>
          )}
          <Button look="quiet" icon="leave" onClick={() => setAsking('leave')}>
            {t('details.leave')}
          </Button>
        </section>
      )}

      {asking === 'invite' && <InviteDialog room={room} onClose={close} />}
      {asking === 'rename' && <RenameDialog room={room} onClose={close} />}
      {asking === 'archive' && (
        <Confirm
          title={t('details.archive.title', { room: title })}
          text={t('details.archive.text')}
          action={t('details.archive')}
          onConfirm={() => void session.archiveRoom(room.id)}
          onClose={close}
        />
      )}
      {asking === 'leave' && (
        <Confirm
          title={t('details.leave.title', { room: title })}
          text={t('details.leave.text')}
          action={t('details.leave')}
          onConfirm={() => void session.leaveRoom(room.id)}
          onClose={close}
        />
      )}
    </aside>
  );
}

function CopyLink({ roomId }: { readonly roomId: string }) {
  const { t } = useText();
  const [isCopied, setCopied] = useState(false);
  async function copy(): Promise<void> {
    await navigator.clipboard.writeText(new URL(roomHash(roomId), location.href).href);
    setCopied(true);
  }
  return (
    <Button look="quiet" icon={isCopied ? 'check' : 'link'} onClick={() => void copy()}>
      {t(isCopied ? 'details.linkCopied' : 'details.copyLink')}
      <Hidden>
        <span role="status">{isCopied && t('details.linkCopied')}</span>
      </Hidden>
    </Button>
  );
}
