import { type Parsed, type Variable, variable } from './field.ts';

/** The most of a wrong value that a message repeats, in characters. */
const QUOTED_MAX_LENGTH = 60;

const HIGHEST_PORT = 65_535;

/** A host name or IPv4 address, or an IPv6 address in brackets, and a port. */
const BROKER = /^(?:\[[0-9A-Fa-f:.%]+\]|[A-Za-z0-9._-]+):(\d{1,5})$/;

/** Any text that is not blank. */
export function text(name: string, fallback?: string): Variable<string> {
  return variable({
    name,
    expected: 'text',
    fallback: orNone(fallback),
    parse: (raw) => (raw.trim() === '' ? { found: 'blanks' } : { value: raw.trim() }),
  });
}

/** Text that no message repeats, at least `minLength` characters long. Blanks are part of it. */
export function secretText(
  name: string,
  { minLength }: { readonly minLength: number },
): Variable<string> {
  return variable({
    name,
    expected: `a secret of at least ${minLength} characters`,
    fallback: undefined,
    parse: (raw) =>
      raw.length < minLength ? { found: `text of ${raw.length} characters` } : { value: raw },
  });
}

/** A TCP port; 0 takes a free one. */
export function port(name: string, fallback?: number): Variable<number> {
  return variable({
    name,
    expected: `a port, 0 to ${HIGHEST_PORT}`,
    fallback: orNone(fallback),
    parse: (raw) => (isPort(raw.trim()) ? { value: Number(raw) } : { found: quoted(raw) }),
  });
}

/** `1` or `true`, `0` or `false`; false when not set. */
export function flag(name: string): Variable<boolean> {
  return variable<boolean>({
    name,
    expected: '1, true, 0 or false',
    fallback: { value: false },
    parse(raw) {
      const said = raw.trim().toLowerCase();
      if (said === '1' || said === 'true') return { value: true };
      if (said === '0' || said === 'false') return { value: false };
      return { found: quoted(raw) };
    },
  });
}

/** One of the given words. */
export function choice<const Choice extends string>(
  name: string,
  choices: readonly Choice[],
  fallback?: NoInfer<Choice>,
): Variable<Choice> {
  return variable<Choice>({
    name,
    expected: `one of ${choices.join(', ')}`,
    fallback: orNone(fallback),
    parse(raw) {
      const chosen = choices.find((word) => word === raw.trim());
      return chosen === undefined ? { found: quoted(raw) } : { value: chosen };
    },
  });
}

/** Texts between commas. */
export function list(name: string, fallback?: readonly string[]): Variable<readonly string[]> {
  return variable<readonly string[]>({
    name,
    expected: 'a list with commas between its entries',
    fallback: orNone(fallback),
    parse: (raw) => entriesOf(raw),
  });
}

/** Kafka brokers, as `kafka-1:9092,kafka-2:9092`. */
export function brokerList(name: string): Variable<readonly string[]> {
  return variable<readonly string[]>({
    name,
    expected: 'a list of host:port with commas between its entries',
    fallback: undefined,
    parse(raw) {
      // Brokers take no credentials in their address; what stands there must not be repeated.
      if (raw.includes('@')) return { found: 'a list with credentials' };
      const entries = entriesOf(raw);
      if ('found' in entries) return entries;
      const wrong = entries.value.find((entry) => !isBroker(entry));
      return wrong === undefined ? entries : { found: quoted(wrong) };
    },
  });
}

/**
 * A URL with one of the protocols, given as `https:`. It may hold a password: no message repeats
 * any part of it but its protocol.
 */
export function urlOf(
  name: string,
  protocols: readonly string[],
  fallback?: string,
): Variable<string> {
  const forms = protocols.map((protocol) => `${protocol}//…`);
  return variable({
    name,
    expected: `a URL, ${forms.join(' or ')}`,
    fallback: orNone(fallback),
    parse(raw) {
      const url = URL.parse(raw.trim());
      if (url === null) return { found: 'text that is not a URL' };
      if (!protocols.includes(url.protocol)) {
        return { found: `a URL that starts with ${quoted(url.protocol)}` };
      }
      return { value: raw.trim() };
    },
  });
}

/** The same variable, undefined when it is not set. What it is set to must still be right. */
export function optional<T>(required: Variable<T>): Variable<T | undefined> {
  return variable<T | undefined>({ ...required, fallback: { value: undefined } });
}

function orNone<T>(fallback: T | undefined): { readonly value: T } | undefined {
  return fallback === undefined ? undefined : { value: fallback };
}

function entriesOf(raw: string): Parsed<readonly string[]> {
  const entries = raw.split(',').map((entry) => entry.trim());
  if (entries.includes('')) return { found: 'a list with an empty entry' };
  return { value: Object.freeze(entries) };
}

function isBroker(entry: string): boolean {
  const digits = BROKER.exec(entry)?.[1];
  return digits !== undefined && digits !== '0' && isPort(digits);
}

function isPort(digits: string): boolean {
  return /^\d{1,5}$/.test(digits) && Number(digits) <= HIGHEST_PORT;
}

function quoted(value: string): string {
  const shown = value.length > QUOTED_MAX_LENGTH ? `${value.slice(0, QUOTED_MAX_LENGTH)}…` : value;
  return JSON.stringify(shown);
}
