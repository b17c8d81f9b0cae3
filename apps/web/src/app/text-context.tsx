import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react';
import type { Language } from '../text/catalogue.ts';
import { preferredLanguage, rememberLanguage } from '../text/language.ts';
import { createText, type Text } from '../text/text.ts';

interface SpokenText extends Text {
  speak(language: Language): void;
}

const Context = createContext<SpokenText | undefined>(undefined);

/** Gives the page its language: the person's last choice, else the browser's. */
export function TextProvider({ children }: { readonly children: ReactNode }) {
  const [language, setLanguage] = useState(() =>
    preferredLanguage(localStorage, navigator.languages),
  );
  const text = useMemo(
    () => ({
      ...createText(language),
      speak(chosen: Language) {
        rememberLanguage(localStorage, chosen);
        setLanguage(chosen);
      },
    }),
    [language],
  );
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  return <Context value={text}>{children}</Context>;
}

export function useText(): SpokenText {
  const text = useContext(Context);
  if (text === undefined) throw new Error('TextProvider is missing');
  return text;
}
