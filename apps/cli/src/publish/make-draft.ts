import { type AnyEventDefinition, type EventDraft, InvalidEventData } from '@sori/contract';
import { CommandError, EXIT } from '../errors.ts';
import type { InputValue } from './read-data.ts';

/** An event of the type; throws CommandError with every place where the data is not as it should be. */
export function makeDraft(definition: AnyEventDefinition, input: InputValue): EventDraft {
  const { value, place } = input;
  try {
    return definition(value);
  } catch (error) {
    if (!(error instanceof InvalidEventData)) throw error;
    const problems = error.problems.map(({ path, message }) => `\n  ${path || '/'} ${message}`);
    throw new CommandError(
      'CLI_DATA_INVALID',
      `${place} is not the data of ${definition.type}:${problems.join('')}\n` +
        `Its schema: npx sori events show ${definition.type}`,
      { cause: error, exitCode: EXIT.usage },
    );
  }
}
