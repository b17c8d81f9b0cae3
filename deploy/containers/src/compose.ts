import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import { ComposeError } from './errors.ts';
import { interpolate } from './interpolate.ts';

/** What of a service our files use. Its shape is the compose specification's. */
export interface ComposeService {
  readonly image: string;
  readonly build?: { readonly context: string };
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly volumes?: readonly string[];
  readonly ports?: readonly string[];
  readonly profiles?: readonly string[];
  readonly restart?: string;
  readonly mem_limit?: string;
  readonly logging?: unknown;
  readonly depends_on?:
    | readonly string[]
    | Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck?: { readonly test: readonly string[] };
}

export interface Compose {
  readonly name: string;
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly volumes: Readonly<Record<string, unknown>>;
}

interface ComposeDocument extends Partial<Omit<Compose, 'name'>> {
  readonly name?: string;
  readonly include?: readonly string[];
}

/** A compose file's text as a document, with YAML's merge keys in place and variables as written. */
export function parseCompose(text: string): object {
  return parse(text, { merge: true }) as object;
}

/**
 * Reads a compose file and what it includes, with every variable in place. Throws ComposeError for a
 * variable that is not set, and for a name that two files give.
 */
export async function readCompose(path: string, environment: NodeJS.ProcessEnv): Promise<Compose> {
  const text = await readFile(path, 'utf8');
  const { include, ...own } = interpolate(parseCompose(text), environment) as ComposeDocument;
  let services = own.services ?? {};
  let volumes = own.volumes ?? {};
  for (const file of include ?? []) {
    const included = await readCompose(join(dirname(path), file), environment);
    services = joined(services, included.services, file);
    volumes = joined(volumes, included.volumes, file);
  }
  return { name: own.name ?? '', services, volumes };
}

function joined<T>(
  own: Readonly<Record<string, T>>,
  included: Readonly<Record<string, T>>,
  file: string,
): Readonly<Record<string, T>> {
  const twice = Object.keys(own).filter((name) => name in included);
  if (twice.length > 0) throw new ComposeError(`${twice.join(', ')}: also in ${file}`);
  return { ...own, ...included };
}

/** What a service waits for: by service, the condition. */
export function dependenciesOf({ depends_on: needed = [] }: ComposeService) {
  const entries = Array.isArray(needed)
    ? needed.map((name: string): [string, string] => [name, 'service_started'])
    : Object.entries(needed).map(([name, { condition }]): [string, string] => [name, condition]);
  return new Map(entries);
}
