import { describeErrors } from '@sori/contract';
import type { FastifySchemaCompiler } from 'fastify';
import type { TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { Value } from 'typebox/value';
import { Problem } from './problem.ts';

const PARTS: Readonly<Record<string, string>> = {
  body: 'the body',
  querystring: 'the query',
  params: 'the path',
  headers: 'the headers',
};

/**
 * Compiles route schemas. Paths, queries and headers are text, and are turned into the numbers and
 * booleans that the schema asks for; a body says itself what its values are, and is taken as it is.
 */
export const compileSchema: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) => {
  const validator = Compile(schema);
  return (given: unknown) => {
    const value = httpPart === 'body' ? given : Value.Convert(schema, given);
    if (validator.Check(value)) return { value };
    const part = PARTS[httpPart ?? ''] ?? 'the request';
    const extra = { errors: describeErrors(validator.Errors(value)) };
    return { error: new Problem(400, 'invalid-request', `${part} is not valid`, { extra }) };
  };
};
