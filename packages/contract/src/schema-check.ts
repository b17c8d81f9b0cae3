import type { TSchema } from 'typebox';
import { Compile, type Validator } from 'typebox/compile';
import type { DataProblem } from './errors.ts';

const MAX_PROBLEMS = 10;

/** Says what is wrong with a value: at most ten places, none if nothing is. */
export type SchemaCheck = (value: unknown) => readonly DataProblem[];

/** A check by a JSON Schema, compiled at its first use. Fields that the schema doesn't name pass. */
export function schemaCheck(schema: TSchema): SchemaCheck {
  // At first use, because a process that reads two types need not compile thirty.
  let validator: Validator | undefined;
  return (value) => {
    validator ??= Compile(schema);
    return validator.Check(value) ? [] : describeErrors(validator.Errors(value));
  };
}

/** The same, with every object closed to fields that its schema does not name. */
export function closedSchemaCheck(schema: TSchema): SchemaCheck {
  return schemaCheck(closed(schema));
}

/** An error as TypeBox and Ajv report it. */
export interface SchemaError {
  readonly keyword: string;
  readonly schemaPath: string;
  readonly instancePath: string;
  readonly params: object;
  readonly message: string;
}

/** Turns a validator's errors into one problem a place, each saying what was expected there. */
export function describeErrors(errors: readonly SchemaError[]): readonly DataProblem[] {
  const problems: DataProblem[] = [];
  for (const [path, found] of Map.groupBy(errors, (error) => error.instancePath)) {
    const message = expectation(found);
    if (message !== undefined) problems.push({ path, message });
    if (problems.length === MAX_PROBLEMS) break;
  }
  return problems;
}

function expectation(errors: readonly SchemaError[]): string | undefined {
  const unknownField = errors.some(
    ({ keyword, schemaPath }) => keyword === 'boolean' && schemaPath.endsWith('Properties'),
  );
  if (unknownField) return 'is not a known field';
  const allowed = errors.flatMap(({ params }) =>
    'allowedValue' in params ? [String(params.allowedValue)] : [],
  );
  if (allowed.length > 0) return `must be ${allowed.join(' or ')}`;
  // An object with an unknown field is reported at the field; the object's own error repeats it.
  const telling = errors.find(
    ({ keyword }) => keyword !== 'additionalProperties' && keyword !== 'anyOf',
  );
  return telling?.message ?? (errors.some(isAnyOf) ? 'has none of the allowed forms' : undefined);
}

function isAnyOf({ keyword }: SchemaError): boolean {
  return keyword === 'anyOf';
}

function closed(schema: TSchema): TSchema {
  return JSON.parse(JSON.stringify(schema), (_key, value: unknown) =>
    isObjectSchema(value) ? { ...value, additionalProperties: false } : value,
  );
}

function isObjectSchema(value: unknown): value is { type: 'object'; properties: object } {
  return (
    typeof value === 'object' &&
    value !== null &&
    'type' in value &&
    value.type === 'object' &&
    'properties' in value &&
    typeof value.properties === 'object'
  );
}
