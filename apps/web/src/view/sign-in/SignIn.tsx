import { type FormEvent, useState } from 'react';
import { ApiError } from '../../api/http.ts';
import { useSession, useStore } from '../../app/sori-context.tsx';
import { useText } from '../../app/text-context.tsx';
import type { SignedOutReason } from '../../state/model.ts';
import { problemText } from '../../text/problem.ts';
import { Button } from '../parts/Button.tsx';
import { Field } from '../parts/Field.tsx';
import { LanguageSwitch } from '../parts/LanguageSwitch.tsx';
import { Mark } from '../parts/Mark.tsx';
import style from './sign-in.module.css';
import { Waves } from './Waves.tsx';

/** As the catalog has it: `Handle`. */
const HANDLE_PATTERN = '[a-z0-9_]{2,32}';
const NAME_MAX_LENGTH = 80;

export function SignIn({ reason }: { readonly reason: SignedOutReason }) {
  const { t } = useText();
  const isOpen = useStore(({ openSignIn }) => openSignIn);
  return (
    <div className={style.page}>
      <Waves />
      <main className={style.main}>
        <div className={style.language}>
          <LanguageSwitch />
        </div>
        <header className={style.header}>
          <Mark size={44} />
          <h1 className={style.title}>
            Sori <span lang="ko">소리</span>
          </h1>
          <p className={style.lead}>{t('signIn.lead')}</p>
        </header>
        {reason !== 'none' && (
          <p className={style.reason} role="status">
            {t(reason === 'left' ? 'signIn.left' : 'signIn.ended')}
          </p>
        )}
        {isOpen === false ? <p className={style.note}>{t('signIn.closed')}</p> : <SignInForm />}
      </main>
    </div>
  );
}

function SignInForm() {
  const text = useText();
  const { t } = text;
  const session = useSession();
  const [handle, setHandle] = useState('');
  const [name, setName] = useState('');
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    setBusy(true);
    setProblem(undefined);
    try {
      await session.signIn(handle.trim(), name.trim());
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      setProblem(error.code);
      setBusy(false);
    }
  }

  return (
    <form className={style.form} onSubmit={submit}>
      <Field
        label={t('signIn.handle')}
        hint={t('signIn.handle.hint')}
        value={handle}
        onText={(value) => setHandle(value.toLowerCase())}
        name="handle"
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        pattern={HANDLE_PATTERN}
        title={t('signIn.handle.hint')}
        required
        // The form is all that there is on this page.
        autoFocus
      />
      <Field
        label={t('signIn.name')}
        hint={t('signIn.name.hint')}
        value={name}
        onText={setName}
        name="name"
        autoComplete="name"
        maxLength={NAME_MAX_LENGTH}
      />
      {problem !== undefined && (
        <p className={style.problem} role="alert">
          {problemText(text, problem)}
        </p>
      )}
      <Button look="primary" type="submit" className={style.submit} disabled={isBusy}>
        {t(isBusy ? 'signIn.submitting' : 'signIn.submit')}
      </Button>
      <p className={style.note}>{t('signIn.open')}</p>
    </form>
  );
}
