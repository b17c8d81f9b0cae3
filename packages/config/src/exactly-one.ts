import { type Environment, type Field, isSet, type Reading, type Variable } from './field.ts';

/** The one that is set, under its own name. */
export type OneOf<Variables extends Readonly<Record<string, Variable<unknown>>>> = {
  readonly [K in keyof Variables]: Variables[K] extends Variable<infer T>
    ? { readonly [P in K]: T }
    : never;
}[keyof Variables];

/**
 * Several variables of which exactly one must be set, as a secret or the URL of the keys. The value
 * has the one that is, under its name in `variables`.
 */
export function exactlyOne<const Variables extends Readonly<Record<string, Variable<unknown>>>>(
  variables: Variables,
): Field<OneOf<Variables>> {
  const entries = Object.entries(variables);
  const names = entries.map(([, { name }]) => name).join(', ');
  return {
    read(environment: Environment): Reading<OneOf<Variables>> {
      const set = entries.filter(([, variable]) => isSet(variable, environment));
      const [only] = set;
      if (only === undefined || set.length > 1) {
        const found = only === undefined ? 'none' : set.map(([, { name }]) => name).join(' and ');
        const problem = { variable: names, found, expected: 'exactly one of them' };
        return { ok: false, problems: [problem] };
      }
      const [key, variable] = only;
      const reading = variable.read(environment);
      if (!reading.ok) return reading;
      // One of the fields, with the value that its own variable read: what OneOf spells.
      return { ok: true, value: { [key]: reading.value } as OneOf<Variables> };
    },
  };
}
