import { useText } from '../../app/text-context.tsx';
import { LANGUAGES, type Language } from '../../text/catalogue.ts';
import style from './language-switch.module.css';

/** Each in itself, so that whoever looks for theirs can read it. */
const NAMES: Readonly<Record<Language, string>> = { en: 'English', ko: '한국어' };

export function LanguageSwitch() {
  const { t, language, speak } = useText();
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would want a legend that is seen
    <div role="group" aria-label={t('app.language')} className={style.switch}>
      {LANGUAGES.map((choice) => (
        <button
          key={choice}
          type="button"
          lang={choice}
          aria-pressed={choice === language}
          className={style.choice}
          onClick={() => speak(choice)}
        >
          {NAMES[choice]}
        </button>
      ))}
    </div>
  );
}
