import { type Static, Type } from 'typebox';
import { ProblemDetails } from './problem.ts';

/** `POST /v1/events`: any event of the catalog, from a service whose token names its topic. */
export const NewEvent = Type.Object(
  {
    type: Type.String({ maxLength: 200 }),
    /** Given again, it is the same event again; a new one unless given. */
    id: Type.Optional(Type.String({ pattern: '^[A-Za-z0-9_.:-]{1,100}$' })),
    /** When it happened, RFC 3339 UTC; now unless given. */
    time: Type.Optional(
      Type.String({ pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z$' }),
    ),
    correlationId: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
    causationId: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
    /** Checked against the type's own schema. */
    data: Type.Unknown(),
  },
  { additionalProperties: false },
);
export type NewEvent = Static<typeof NewEvent>;

/** Where an event stands, once every in-sync replica has it. */
export const PublishedEvent = Type.Object(
  {
    id: Type.String(),
    topic: Type.String(),
    partition: Type.Integer({ minimum: 0 }),
    offset: Type.Integer({ minimum: 0 }),
  },
  { additionalProperties: false },
);
export type PublishedEvent = Static<typeof PublishedEvent>;

/** One line of a batch that is stored. */
const StoredEvent = Type.Object(
  { status: Type.Literal(201), ...PublishedEvent.properties },
  { additionalProperties: false },
);

/** What became of the lines of a batch, in their order: each is stored, or is a problem of its own. */
export const EventBatchResults = Type.Object(
  { results: Type.Array(Type.Union([StoredEvent, ProblemDetails])) },
  { additionalProperties: false },
);
export type EventBatchResults = Static<typeof EventBatchResults>;
