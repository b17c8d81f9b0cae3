import { EVENT_BATCH_MAX, type EventBatchResults, NewEvent } from '@sori/api';
import { schemaCheck } from '@sori/contract';
import { type Identity, Problem, toProblem } from '@sori/http';
import type { Logger } from '@sori/stream';
import { type EventPublishing, publishEvent } from './publish-event.ts';

type Result = EventBatchResults['results'][number];

const problemsOfLine = schemaCheck(NewEvent);

/**
 * Publishes the events of NDJSON, one a line, in the order of the lines; each has a result of its own,
 * and one that fails holds up no other. Rejects with Problem 413 `too-many-events`.
 */
export function publishBatch(
  publishing: EventPublishing & { readonly logger: Pick<Logger, 'error'> },
  service: Identity,
  ndjson: string,
): Promise<Result[]> {
  const lines = ndjson.split('\n').filter((line) => line.trim() !== '');
  if (lines.length > EVENT_BATCH_MAX) {
    throw new Problem(413, 'too-many-events', `a batch has ${EVENT_BATCH_MAX} events at most`);
  }
  return Promise.all(
    lines.map(async (line): Promise<Result> => {
      try {
        return { status: 201, ...(await publishEvent(publishing, service, eventOf(line))) };
      } catch (err) {
        const problem = toProblem(err);
        if (problem.status === 500) publishing.logger.error({ err }, 'an event of a batch failed');
        return problem.body();
      }
    }),
  );
}

function eventOf(line: string): NewEvent {
  let event: unknown;
  try {
    event = JSON.parse(line);
  } catch (cause) {
    throw new Problem(400, 'malformed-json', undefined, { cause });
  }
  const errors = problemsOfLine(event);
  if (errors.length > 0) {
    throw new Problem(400, 'invalid-request', 'the line is not valid', { extra: { errors } });
  }
  // What the schema says, which it was just held against.
  return event as NewEvent;
}
