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
  /** How long a record may wait until the group has done it, in seconds. */
  readonly lagTargetSeconds: number;
}

export interface GroupOptions extends Omit<GroupDefinition, 'unknownEvents' | 'lagTargetSeconds'> {
  readonly unknownEvents?: UnknownEventPolicy;
  /** A minute unless given. */
  readonly lagTargetSeconds?: number;
}

/** What groups are held to that nobody waits for. */
export const DEFAULT_LAG_TARGET_SECONDS = 60;

/** Defines a consumer group; throws DefinitionError. */
export function defineGroup(options: GroupOptions): GroupDefinition {
  assertGroupId(options.id);
  if (!Number.isSafeInteger(options.members) || options.members < 1) {
    throw new DefinitionError(`group "${options.id}": members must be a positive whole number`);
  }
  if (options.topics !== '*' && options.topics.length === 0) {
    throw new DefinitionError(`group "${options.id}" reads no topic`);
  }
  const { lagTargetSeconds = DEFAULT_LAG_TARGET_SECONDS } = options;
  if (!Number.isFinite(lagTargetSeconds) || lagTargetSeconds <= 0) {
    throw new DefinitionError(`group "${options.id}": lagTargetSeconds must be above 0`);
  }
  return Object.freeze({
    ...options,
    lagTargetSeconds,
    topics: options.topics === '*' ? '*' : Object.freeze([...options.topics]),
    unknownEvents: options.unknownEvents ?? 'skip',
  });
}
