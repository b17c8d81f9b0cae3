import { type TSchema, Type } from 'typebox';

/** `response` of a route that says no more than that it is done. */
export const DONE = { 204: Type.Unsafe<undefined>({ type: 'null', description: 'Done' }) };

/** `response` of a route that answers a question. */
export function answers<Schema extends TSchema>(schema: Schema): { 200: Schema } {
  return { 200: schema };
}
