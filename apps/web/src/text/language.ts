import { LANGUAGES, type Language } from './catalogue.ts';

const KEY = 'sori.language';

type LanguageStorage = Pick<Storage, 'getItem' | 'setItem'>;

/** The one that was chosen here before, else the first of the browser's that the page speaks. */
export function preferredLanguage(storage: LanguageStorage, wanted: readonly string[]): Language {
  const chosen = storage.getItem(KEY);
  for (const tag of chosen === null ? wanted : [chosen, ...wanted]) {
    const language = tag.split('-')[0]?.toLowerCase();
    const spoken = LANGUAGES.find((known) => known === language);
    if (spoken !== undefined) return spoken;
  }
  return 'en';
}

export function rememberLanguage(storage: LanguageStorage, language: Language): void {
  storage.setItem(KEY, language);
}
