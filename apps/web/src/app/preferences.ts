/** What a person wants of this browser. */
export type Preference = 'sound' | 'notifications';

/** A sound unless turned off; notifications only where asked for. */
const DEFAULTS: Readonly<Record<Preference, boolean>> = { sound: true, notifications: false };

type PreferenceStorage = Pick<Storage, 'getItem' | 'setItem'>;

export function isPreferred(storage: PreferenceStorage, preference: Preference): boolean {
  const kept = storage.getItem(`sori.${preference}`);
  return kept === null ? DEFAULTS[preference] : kept === 'on';
}

export function prefer(storage: PreferenceStorage, preference: Preference, on: boolean): void {
  storage.setItem(`sori.${preference}`, on ? 'on' : 'off');
}
