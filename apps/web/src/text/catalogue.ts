import type { en } from './en.ts';

/** Languages that the page speaks. */
export const LANGUAGES = ['en', 'ko'] as const;
export type Language = (typeof LANGUAGES)[number];

type English = typeof en;
export type TextKey = keyof English;

/** One form per plural category of the language (CLDR), `other` where it has no such form. */
export type PluralForms = Readonly<Partial<Record<Intl.LDMLPluralRule, string>>> & {
  readonly other: string;
};

/** Every key of the English texts, plural where those are. */
export type Catalogue = {
  readonly [Key in TextKey]: English[Key] extends string ? string : PluralForms;
};

type Placeholders<Text> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Placeholders<Rest>
  : never;

type Names<Key extends TextKey> = English[Key] extends { other: infer Text }
  ? Placeholders<Text> | 'count'
  : Placeholders<English[Key]>;

/** What must be given to fill a text in: nothing where it has no placeholder. */
export type TextArguments<Key extends TextKey> = [Names<Key>] extends [never]
  ? []
  : [values: { readonly [Name in Names<Key>]: Name extends 'count' ? number : string }];
