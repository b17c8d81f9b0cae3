import { catalog } from '@sori/chat-events';
import type { AnyEventDefinition } from '@sori/contract';
import { CommandError, EXIT } from './errors.ts';
import { didYouMean } from './suggestion.ts';

/** The catalog's definition of a type; throws CommandError with the nearest one it has. */
export function findEventType(type: string): AnyEventDefinition {
  const definition = catalog.findEvent(type);
  if (definition !== undefined) return definition;
  const types = catalog.events.map((event) => event.type);
  throw new CommandError(
    'CLI_UNKNOWN_TYPE',
    `There is no event type "${type}"${didYouMean(type, types)} See npx sori events list`,
    { exitCode: EXIT.usage },
  );
}
