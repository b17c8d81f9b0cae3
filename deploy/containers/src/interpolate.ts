import { ComposeError } from './errors.ts';

/** `$$`, `${NAME}`, `${NAME:-default}` or `${NAME:?what to do}`; Compose's other forms are refused. */
const EXPRESSION = /\$(?:\$|\{(\w+)(?::([-?])([^}]*))?\}|)/g;

/**
 * A compose file's value with its variables in place, as Compose does it: empty is as good as unset.
 * Throws ComposeError for a variable that must be set and is not, or one that nothing gives a value.
 */
export function interpolate(value: unknown, environment: NodeJS.ProcessEnv): unknown {
  if (typeof value === 'string') return interpolateText(value, environment);
  if (Array.isArray(value)) return value.map((item) => interpolate(item, environment));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, interpolate(item, environment)]),
  );
}

function interpolateText(text: string, environment: NodeJS.ProcessEnv): string {
  return text.replace(EXPRESSION, (found, name?: string, kind?: string, rest = '') => {
    if (found === '$$') return '$';
    if (name === undefined) throw new ComposeError(`a $ that begins no variable in: ${text}`);
    const value = environment[name];
    if (value) return value;
    if (kind === '-') return rest;
    throw new ComposeError(`${name} is not set${kind === '?' ? `: ${rest}` : ''}`);
  });
}

/** The names of all variables in a compose file's text. */
export function variablesOf(text: string): ReadonlySet<string> {
  return new Set([...text.matchAll(EXPRESSION)].flatMap(([, name]) => (name ? [name] : [])));
}
