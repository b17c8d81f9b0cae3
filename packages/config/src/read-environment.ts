import { ConfigurationError, type ConfigurationProblem } from './errors.ts';
import type { Environment, Field } from './field.ts';

type Fields = Readonly<Record<string, Field<unknown>>>;

/** What `readEnvironment` returns for the given fields. */
export type Configuration<F extends Fields> = {
  readonly [K in keyof F]: F[K] extends Field<infer T> ? T : never;
};

/**
 * Reads every field. Throws ConfigurationError with all problems of all fields, in their order.
 * The result is frozen.
 */
export function readEnvironment<const F extends Fields>(
  environment: Environment,
  fields: F,
): Configuration<F> {
  const problems: ConfigurationProblem[] = [];
  const values: Record<string, unknown> = {};
  for (const [key, field] of Object.entries(fields)) {
    const reading = field.read(environment);
    if (reading.ok) values[key] = reading.value;
    else problems.push(...reading.problems);
  }
  if (problems.length > 0) throw new ConfigurationError(problems);
  return Object.freeze(values) as Configuration<F>;
}
