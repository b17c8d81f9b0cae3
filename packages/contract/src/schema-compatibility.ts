/** A difference between two JSON Schemas at a place of the data. */
export interface SchemaChange {
  /** JSON pointer into the data; `*` for any element or any name. */
  readonly path: string;
  readonly what: string;
  readonly breaking: boolean;
}

/** The parts of JSON Schema that event schemas use. */
interface Schema {
  readonly type?: string;
  readonly const?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly patternProperties?: Readonly<Record<string, Schema>>;
  readonly [keyword: string]: unknown;
}

/** Limits on values: a rise narrows, or a fall does. */
const LOWER_LIMITS = ['minimum', 'exclusiveMinimum', 'minLength', 'minItems', 'minProperties'];
const UPPER_LIMITS = ['maximum', 'exclusiveMaximum', 'maxLength', 'maxItems', 'maxProperties'];
/** What a value must be, all or nothing: any change but its removal narrows. */
const CONDITIONS = ['pattern', 'format', 'uniqueItems', 'multipleOf'];

/**
 * What changed from one schema to another. Breaking is what a program of yesterday trips over:
 * a field that went away, or need not be there any more, a field that must be there now, and values
 * that were allowed and are not. Allowing more values is not: readers are to be updated first.
 */
export function compareSchemas(before: object, after: object, path = ''): readonly SchemaChange[] {
  return compare(before as Schema, after as Schema, path);
}

function compare(before: Schema, after: Schema, path: string): readonly SchemaChange[] {
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  const alternatives = [alternativesOf(before), alternativesOf(after)] as const;
  if (alternatives.some((list) => list.length > 1))
    return compareAlternatives(...alternatives, path);
  if (before.type !== after.type || before.const !== after.const) {
    const widened =
      before.type === 'integer' && after.type === 'number' && after.const === undefined;
    return [{ path, what: `${name(before)} became ${name(after)}`, breaking: !widened }];
  }
  return [
    ...compareLimits(before, after, path),
    ...compareProperties(before, after, path),
    ...compareInner(before.items, after.items, `${path}/*`),
    ...compareInner(valuesOf(before), valuesOf(after), `${path}/*`),
  ];
}

function alternativesOf(schema: Schema): readonly Schema[] {
  return schema.anyOf ?? [schema];
}

function compareAlternatives(
  before: readonly Schema[],
  after: readonly Schema[],
  path: string,
): readonly SchemaChange[] {
  const fits = (schema: Schema, among: readonly Schema[]): boolean =>
    among.some((other) => compare(schema, other, path).every(({ breaking }) => !breaking));
  const gone = before.filter((schema) => !fits(schema, after));
  const added = after.filter((schema) => !fits(schema, before));
  return [
    ...gone.map((schema) => ({
      path,
      what: `${name(schema)} is not allowed any more`,
      breaking: true,
    })),
    ...added.map((schema) => ({ path, what: `${name(schema)} is allowed too`, breaking: false })),
  ];
}

function compareLimits(before: Schema, after: Schema, path: string): readonly SchemaChange[] {
  const changes: SchemaChange[] = [];
  const note = (keyword: string, breaking: boolean): void => {
    const what = `${keyword} went from ${text(before[keyword])} to ${text(after[keyword])}`;
    changes.push({ path, what, breaking });
  };
  for (const keyword of LOWER_LIMITS) {
    const [was, is] = [limit(before[keyword], -Infinity), limit(after[keyword], -Infinity)];
    if (was !== is) note(keyword, is > was);
  }
  for (const keyword of UPPER_LIMITS) {
    const [was, is] = [limit(before[keyword], Infinity), limit(after[keyword], Infinity)];
    if (was !== is) note(keyword, is < was);
  }
  for (const keyword of CONDITIONS) {
    if (before[keyword] !== after[keyword]) note(keyword, after[keyword] !== undefined);
  }
  return changes;
}

function compareProperties(before: Schema, after: Schema, path: string): readonly SchemaChange[] {
  const [were, are] = [before.properties ?? {}, after.properties ?? {}];
  const [wasRequired, isRequired] = [new Set(before.required), new Set(after.required)];
  const changes: SchemaChange[] = [];
  for (const [field, old] of Object.entries(were)) {
    const place = `${path}/${field}`;
    const now = are[field];
    if (now === undefined) {
      changes.push({ path: place, what: 'the field was removed', breaking: true });
      continue;
    }
    if (wasRequired.has(field) && !isRequired.has(field)) {
      changes.push({ path: place, what: 'the field became optional', breaking: true });
    } else if (!wasRequired.has(field) && isRequired.has(field)) {
      changes.push({ path: place, what: 'the field became required', breaking: true });
    }
    changes.push(...compare(old, now, place));
  }
  for (const field of Object.keys(are)) {
    if (were[field] !== undefined) continue;
    const required = isRequired.has(field);
    const what = required ? 'a required field is new' : 'an optional field is new';
    changes.push({ path: `${path}/${field}`, what, breaking: required });
  }
  return changes;
}

function compareInner(
  before: Schema | undefined,
  after: Schema | undefined,
  path: string,
): readonly SchemaChange[] {
  if (before === undefined && after === undefined) return [];
  return compare(before ?? {}, after ?? {}, path);
}

/** The schema of a record's values: TypeBox gives records one pattern for all names. */
function valuesOf({ patternProperties }: Schema): Schema | undefined {
  return patternProperties === undefined ? undefined : Object.values(patternProperties)[0];
}

function limit(value: unknown, none: number): number {
  return typeof value === 'number' ? value : none;
}

function name(schema: Schema): string {
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  return schema.type ?? (schema.anyOf === undefined ? 'anything' : 'one of several');
}

function text(value: unknown): string {
  return value === undefined ? 'none' : String(value);
}
