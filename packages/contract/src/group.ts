import { DefinitionError } from './errors.ts';
import { assertGroupId } from './naming.ts';

/** What a consumer does with a record whose type or version the catalog does not know. */
export type UnknownEventPolicy = 'skip' | 'dead-letter';

/** A consumer group of the catalog: frozen data. */
export interface GroupDefinition {
  readonly id: string;
  /** Topic names, or `*` for every topic of the catalog, dead-letter topics included. */
  readonly topics: readonly string[] | '*';
  /** How many members the product runs. */
  readonly members: number;
  readonly purpose: string;
  readonly unknownEvents: UnknownEventPolicy;
}

export interface GroupOptions extends Omit<GroupDefinition, 'unknownEvents'> {
  readonly unknownEvents?: UnknownEventPolicy;
}

/** Defines a consumer group; throws DefinitionError. */
export function defineGroup(options: GroupOptions): GroupDefinition {
  assertGroupId(options.id);
  if (!Number.isSafeInteger(options.members) || options.members < 1) {
    throw new DefinitionError(`group "${options.id}": members must be a positive whole number`);
  }
  if (options.topics !== '*' && options.topics.length === 0) {
    throw new DefinitionError(`group "${options.id}" reads no topic`);
  }
  return Object.freeze({
    ...options,
    topics: options.topics === '*' ? '*' : Object.freeze([...options.topics]),
    unknownEvents: options.unknownEvents ?? 'skip',
  });
}
