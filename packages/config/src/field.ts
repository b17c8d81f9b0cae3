import { readFileSync } from 'node:fs';
import type { ConfigurationProblem } from './errors.ts';

/** The environment of a process: `process.env`, or a part of it. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A value, or everything that keeps it from being one. */
export type Reading<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problems: readonly ConfigurationProblem[] };

/** A part of a configuration. */
export interface Field<T> {
  read(environment: Environment): Reading<T>;
}

/** What a text means, or (in words that hide a secret) what it is instead. */
export type Parsed<T> = { readonly value: T } | { readonly found: string };

/** A field that is one variable. */
export interface Variable<T> extends Field<T> {
  readonly name: string;
  readonly expected: string;
  /** The value when the variable is not set; undefined when it must be set. */
  readonly fallback: { readonly value: T } | undefined;
  parse(text: string): Parsed<T>;
}

/**
 * Makes a variable `X`, which is read from `X` or from the file that `X_FILE` names (as container
 * secrets are). Set to the empty text it counts as not set.
 */
export function variable<T>(definition: Omit<Variable<T>, 'read'>): Variable<T> {
  const { name, expected, fallback, parse } = definition;
  const problem = (variable: string, found: string): Reading<never> => ({
    ok: false,
    problems: [{ variable, found, expected }],
  });
  return Object.freeze({
    ...definition,
    read(environment: Environment): Reading<T> {
      const source = textOf(name, environment);
      if ('problem' in source) return { ok: false, problems: [source.problem] };
      if (source.text === undefined) {
        if (fallback === undefined) return problem(name, 'nothing');
        return { ok: true, value: fallback.value };
      }
      const parsed = parse(source.text);
      if ('found' in parsed) return problem(source.variable, parsed.found);
      return { ok: true, value: parsed.value };
    },
  });
}

/** Whether the variable is set, itself or by its file. */
export function isSet({ name }: Variable<unknown>, environment: Environment): boolean {
  return setText(environment[name]) !== undefined || fileOf(name, environment) !== undefined;
}

type Source =
  | { readonly variable: string; readonly text: string | undefined }
  | { readonly problem: ConfigurationProblem };

function textOf(name: string, environment: Environment): Source {
  const text = setText(environment[name]);
  const file = fileOf(name, environment);
  if (file === undefined) return { variable: name, text };
  const variable = `${name}_FILE`;
  if (text !== undefined) {
    const expected = `either ${name} or ${variable}`;
    return { problem: { variable, found: `both ${name} and ${variable}`, expected } };
  }
  try {
    // A file written by an editor or by `echo` ends in a line break that is not of the value.
    return { variable, text: setText(readFileSync(file, 'utf8').replace(/\r?\n$/, '')) };
  } catch (cause) {
    const found = `a file that cannot be read (${reasonOf(cause)})`;
    return { problem: { variable, found, expected: 'the path of a readable file' } };
  }
}

function fileOf(name: string, environment: Environment): string | undefined {
  return setText(environment[`${name}_FILE`]);
}

function setText(text: string | undefined): string | undefined {
  return text === '' ? undefined : text;
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown reason';
}
