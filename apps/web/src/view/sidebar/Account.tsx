import { type FormEvent, useState } from 'react';
import { isPreferred, type Preference, prefer } from '../../app/preferences.ts';
import { useMe, useSession } from '../../app/sori-context.tsx';
import { useText } from '../../app/text-context.tsx';
import { Button } from '../parts/Button.tsx';
import { Dialog } from '../parts/Dialog.tsx';
import { Field } from '../parts/Field.tsx';
import { Icon } from '../parts/Icon.tsx';
import { LanguageSwitch } from '../parts/LanguageSwitch.tsx';
import { Switch } from '../parts/Switch.tsx';
import { Voiceprint } from '../parts/Voiceprint.tsx';
import style from './account.module.css';

const NAME_MAX_LENGTH = 80;

/** Who I am, at the foot of the list; opens what I can set. */
export function Account() {
  const { t } = useText();
  const me = useMe();
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <button
        type="button"
        className={style.me}
        aria-label={`${t('me.menu')}: ${me.displayName}`}
        aria-haspopup="dialog"
        onClick={() => setOpen(true)}
      >
        <Voiceprint id={me.id} size="small" />
        <span className={style.name}>{me.displayName}</span>
        <span className={style.handle}>@{me.handle}</span>
        <Icon name="more" />
      </button>
      {isOpen && <AccountDialog onClose={() => setOpen(false)} />}
    </>
  );
}

function AccountDialog({ onClose }: { readonly onClose: () => void }) {
  const { t } = useText();
  const session = useSession();
  const me = useMe();
  const [name, setName] = useState(me.displayName);
  const wanted = name.trim();

  function rename(event: FormEvent): void {
    event.preventDefault();
    void session.rename(wanted);
  }

  return (
    <Dialog title={t('me.title')} onClose={onClose}>
      <form className={style.rename} onSubmit={rename}>
        <Field label={t('me.name')} value={name} onText={setName} maxLength={NAME_MAX_LENGTH} />
        <Button type="submit" disabled={wanted === '' || wanted === me.displayName}>
          {t('me.save')}
        </Button>
      </form>
      <PreferenceSwitch preference="sound" label={t('me.sound')} />
      {'Notification' in window && <NotificationSwitch />}
      <div className={style.row}>
        <span>{t('app.language')}</span>
        <LanguageSwitch />
      </div>
      <Button look="danger" icon="leave" onClick={() => void session.signOut()}>
        {t('me.signOut')}
      </Button>
    </Dialog>
  );
}

interface PreferenceSwitchProps {
  readonly preference: Preference;
  readonly label: string;
  readonly hint?: string | undefined;
  /** Asked before it is turned on: whether it may be. */
  readonly mayTurnOn?: () => Promise<boolean>;
}

function PreferenceSwitch({ preference, label, hint, mayTurnOn }: PreferenceSwitchProps) {
  const [isOn, setOn] = useState(() => isPreferred(localStorage, preference));
  async function change(on: boolean): Promise<void> {
    const allowed = on && mayTurnOn !== undefined ? await mayTurnOn() : on;
    prefer(localStorage, preference, allowed);
    setOn(allowed);
  }
  return <Switch label={label} hint={hint} isOn={isOn} onChange={(on) => void change(on)} />;
}

function NotificationSwitch() {
  const { t } = useText();
  const [permission, setPermission] = useState(Notification.permission);
  return (
    <PreferenceSwitch
      preference="notifications"
      label={t('me.notifications')}
      hint={permission === 'denied' ? t('me.notifications.denied') : undefined}
      mayTurnOn={async () => {
        const answer = await Notification.requestPermission();
        setPermission(answer);
        return answer === 'granted';
      }}
    />
  );
}
