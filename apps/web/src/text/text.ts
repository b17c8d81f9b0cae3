import type { Catalogue, Language, PluralForms, TextArguments, TextKey } from './catalogue.ts';
import { en } from './en.ts';
import { ko } from './ko.ts';

const CATALOGUES: Readonly<Record<Language, Catalogue>> = { en, ko };

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** Everything that the page says in one language. Times are in the browser's time zone. */
export interface Text {
  readonly language: Language;
  t<Key extends TextKey>(key: Key, ...values: TextArguments<Key>): string;
  count(value: number): string;
  /** `Ada, Grace and Lin` */
  names(names: readonly string[]): string;
  /** `14:03` */
  time(at: Date): string;
  /** With date and time, for a tooltip. */
  moment(at: Date): string;
  /** `Today`, `Yesterday`, `Monday, March 3`; with the year where it is another. */
  day(at: Date, now: Date): string;
  /** How long ago in a few characters: `2 min. ago`, else the time, else the date. */
  ago(at: Date, now: Date): string;
}

export function createText(language: Language, timeZone?: string): Text {
  const catalogue = CATALOGUES[language];
  const zone = timeZone === undefined ? {} : { timeZone };
  const plural = new Intl.PluralRules(language);
  const number = new Intl.NumberFormat(language);
  const list = new Intl.ListFormat(language, { type: 'conjunction' });
  const relative = new Intl.RelativeTimeFormat(language, { numeric: 'auto', style: 'short' });
  const wordForDay = new Intl.RelativeTimeFormat(language, { numeric: 'auto' });
  const format = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(language, { ...options, ...zone });
  const time = format({ hour: 'numeric', minute: '2-digit' });
  const moment = format({ dateStyle: 'full', timeStyle: 'medium' });
  const dayOfYear = format({ weekday: 'long', month: 'long', day: 'numeric' });
  const dayOfAnyYear = format({ year: 'numeric', month: 'long', day: 'numeric' });
  const shortDay = format({ month: 'short', day: 'numeric' });
  const numericDay = format({ year: 'numeric', month: '2-digit', day: '2-digit' });
  const year = format({ year: 'numeric' });

  function daysBefore(at: Date, now: Date): number {
    return Math.round((dayNumber(numericDay, now) - dayNumber(numericDay, at)) / DAY_MS);
  }

  return {
    language,
    t(key, ...[values]) {
      const entry: string | PluralForms = catalogue[key];
      const given: Readonly<Record<string, string | number>> = values ?? {};
      const forms = typeof entry === 'string' ? { other: entry } : entry;
      const form = forms[plural.select(Number(given['count'] ?? 0))] ?? forms.other;
      return form.replace(/\{(\w+)\}/g, (whole, name: string) => {
        const value = given[name];
        return typeof value === 'number' ? number.format(value) : (value ?? whole);
      });
    },
    count: (value) => number.format(value),
    names: (names) => list.format(names),
    time: (at) => time.format(at),
    moment: (at) => moment.format(at),
    day(at, now) {
      const days = daysBefore(at, now);
      if (days === 0 || days === 1) return capitalised(wordForDay.format(-days, 'day'), language);
      return (year.format(at) === year.format(now) ? dayOfYear : dayOfAnyYear).format(at);
    },
    ago(at, now) {
      const passed = now.getTime() - at.getTime();
      if (passed < MINUTE_MS) return relative.format(0, 'second');
      if (passed < HOUR_MS) return relative.format(-Math.floor(passed / MINUTE_MS), 'minute');
      const days = daysBefore(at, now);
      if (days === 0) return time.format(at);
      return days === 1 ? wordForDay.format(-1, 'day') : shortDay.format(at);
    },
  };
}

/** The calendar day in the format's own time zone, as the UTC midnight of the same date. */
function dayNumber(format: Intl.DateTimeFormat, at: Date): number {
  const parts = Object.fromEntries(
    format.formatToParts(at).map(({ type, value }) => [type, value]),
  );
  return Date.UTC(Number(parts['year']), Number(parts['month']) - 1, Number(parts['day']));
}

function capitalised(word: string, language: Language): string {
  return word.charAt(0).toLocaleUpperCase(language) + word.slice(1);
}
