import { Id } from '@sori/chat-events';
import { type Static, Type } from 'typebox';
import { ANALYTICS_ROOMS_MAX } from './limits.ts';

/** RFC 3339 with its offset, as `2026-01-27T00:00:00Z`. */
const Moment = Type.String({
  pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d(:\\d\\d(\\.\\d{1,9})?)?(Z|[+-]\\d\\d:\\d\\d)$',
});

/**
 * Which stretch of time. `to` is now unless given, `from` a number of windows before it. Both are
 * moved out to whole windows, and `from` not further back than what is kept (a second for an hour, a
 * minute for 48 hours) and what an answer holds.
 */
const stretch = { from: Type.Optional(Moment), to: Type.Optional(Moment) };

const Seconds = Type.Literal('1s');
const Minutes = Type.Literal('1m');
const Hours = Type.Literal('1h');
const Days = Type.Literal('1d');

/** Of `topics`, `overview`, `dead-letters` and `latency`; minutes unless given. */
export const AnalyticsQuery = Type.Object(
  { window: Type.Optional(Type.Union([Seconds, Minutes, Hours])), ...stretch },
  { additionalProperties: false },
);
export type AnalyticsQuery = Static<typeof AnalyticsQuery>;

/** Of `rooms`, which are not counted by the second. */
export const AnalyticsRoomsQuery = Type.Object(
  {
    window: Type.Optional(Type.Union([Minutes, Hours])),
    ...stretch,
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: ANALYTICS_ROOMS_MAX })),
  },
  { additionalProperties: false },
);

/** Of `users`: people are counted by the minute, hour and day (UTC). */
export const AnalyticsUsersQuery = Type.Object(
  { window: Type.Optional(Type.Union([Minutes, Hours, Days])), ...stretch },
  { additionalProperties: false },
);

/** What was answered for, which may be less than what was asked for. */
const range = {
  window: Type.Union([Seconds, Minutes, Hours, Days]),
  /** RFC 3339, UTC: where the first window begins. */
  from: Type.String(),
  /** Where the last window ends; it may be ahead. */
  to: Type.String(),
  /** How many seconds of it are over: what rates are divided by. */
  elapsedSeconds: Type.Number(),
};

const Count = Type.Integer({ minimum: 0 });

/** Where each window of the series begins, in seconds since the epoch; without holes. */
const Times = Type.Array(Type.Integer());
/** A value for each of `times`. */
const Series = Type.Array(Count);
/** A value for each of `times`, null where there is nothing to tell. */
const SparseSeries = Type.Array(Type.Union([Type.Number(), Type.Null()]));

/** Records of a topic, and the bytes of their values. */
const Load = Type.Object({ records: Count, bytes: Count }, { additionalProperties: false });

const Rate = Type.Object(
  { eventsPerSecond: Type.Number(), bytesPerSecond: Type.Number() },
  { additionalProperties: false },
);

/** What went through, beside what the catalog expects; its dead letters are expected to be none. */
const measured = { total: Load, rate: Rate, expected: Rate };

/** Milliseconds, each within `bucketError` of the value it stands for. */
const Percentiles = Type.Object(
  { p50: Type.Number(), p95: Type.Number(), p99: Type.Number() },
  { additionalProperties: false },
);
export type AnalyticsPercentiles = Static<typeof Percentiles>;

const PercentilesIfAny = Type.Union([Percentiles, Type.Null()]);

/** People who did something in the window that is running: the numbers still grow. */
const ActiveUsers = Type.Object(
  { minute: Count, hour: Count, day: Count },
  { additionalProperties: false },
);

/** `GET /v1/analytics/overview` */
export const AnalyticsOverview = Type.Object(
  {
    ...range,
    ...measured,
    messages: Count,
    signUps: Count,
    friendRequests: Type.Object(
      {
        sent: Count,
        accepted: Count,
        /** Accepted ones by those sent in the same time; null where none was sent. */
        acceptanceRate: Type.Union([Type.Number(), Type.Null()]),
      },
      { additionalProperties: false },
    ),
    /** Of the windows that `to` falls into. */
    activeUsers: ActiveUsers,
    online: Type.Object(
      {
        now: Count,
        /** The most at the end of any second of the range. */
        peak: Count,
      },
      { additionalProperties: false },
    ),
    deadLetters: Count,
    /** From event to counting, over all topics but dead letters. */
    latency: PercentilesIfAny,
    /** Records whose time was not believed, or which came too late for windows of some width. */
    untimely: Type.Array(
      Type.Object({ reason: Type.String(), records: Count }, { additionalProperties: false }),
    ),
  },
  { additionalProperties: false },
);
export type AnalyticsOverview = Static<typeof AnalyticsOverview>;

export const TopicAnalytics = Type.Object(
  {
    topic: Type.String(),
    ...measured,
    /**
     * The most first. Records that are no event of the catalog are under `undecodable:` and why, as
     * `undecodable:not-json`.
     */
    types: Type.Array(
      Type.Object(
        { type: Type.String(), records: Count, bytes: Count },
        { additionalProperties: false },
      ),
    ),
    series: Type.Object({ records: Series, bytes: Series }, { additionalProperties: false }),
  },
  { additionalProperties: false },
);
export type TopicAnalytics = Static<typeof TopicAnalytics>;

/** `GET /v1/analytics/topics`: every topic of the catalog, in its order. */
export const AnalyticsTopics = Type.Object(
  { ...range, times: Times, topics: Type.Array(TopicAnalytics) },
  { additionalProperties: false },
);
export type AnalyticsTopics = Static<typeof AnalyticsTopics>;

/** `GET /v1/analytics/rooms?limit=`: where the most messages were sent, the most first. */
export const AnalyticsRooms = Type.Object(
  {
    ...range,
    rooms: Type.Array(
      Type.Object({ roomId: Id, messages: Count }, { additionalProperties: false }),
    ),
  },
  { additionalProperties: false },
);
export type AnalyticsRooms = Static<typeof AnalyticsRooms>;

/** `GET /v1/analytics/users` */
export const AnalyticsUsers = Type.Object(
  {
    ...range,
    times: Times,
    /** People who did something in the window; each once. */
    active: Series,
    signUps: Series,
    friendRequestsSent: Series,
    friendRequestsAccepted: Series,
    /** The most people online at the end of any second of the window. */
    onlinePeak: Series,
  },
  { additionalProperties: false },
);
export type AnalyticsUsers = Static<typeof AnalyticsUsers>;

/** `GET /v1/analytics/dead-letters`, by the time at which they were given up. */
export const AnalyticsDeadLetters = Type.Object(
  {
    ...range,
    total: Count,
    times: Times,
    records: Series,
    /** The most first. */
    letters: Type.Array(
      Type.Object(
        {
          /** The topic whose record it was. */
          topic: Type.String(),
          /** The error's code. */
          reason: Type.String(),
          /** The consumer group that gave it up. */
          group: Type.String(),
          records: Count,
        },
        { additionalProperties: false },
      ),
    ),
  },
  { additionalProperties: false },
);
export type AnalyticsDeadLetters = Static<typeof AnalyticsDeadLetters>;

/** `GET /v1/analytics/latency`: from an event's time to the moment at which it was counted. */
export const AnalyticsLatency = Type.Object(
  {
    ...range,
    /** How far a percentile may be off, as a share of itself: 0.05 is 5%. */
    bucketError: Type.Number(),
    times: Times,
    topics: Type.Array(
      Type.Object(
        {
          topic: Type.String(),
          records: Count,
          latency: PercentilesIfAny,
          series: Type.Object(
            { p50: SparseSeries, p95: SparseSeries, p99: SparseSeries },
            { additionalProperties: false },
          ),
        },
        { additionalProperties: false },
      ),
    ),
  },
  { additionalProperties: false },
);
export type AnalyticsLatency = Static<typeof AnalyticsLatency>;

/**
 * `event:` of the frames of `GET /v1/analytics/stream`. The stream ends with its token.
 * - `snapshot`, once a second
 * - `unavailable`, once, when the numbers cannot be had for now; snapshots follow when they can
 */
export const ANALYTICS_STREAM_EVENTS = ['snapshot', 'unavailable'] as const;
export type AnalyticsStreamEvent = (typeof ANALYTICS_STREAM_EVENTS)[number];

/** `data:` of `snapshot`. */
export const AnalyticsSnapshot = Type.Object(
  {
    /** RFC 3339, UTC. */
    time: Type.String(),
    /**
     * The second that `total` is of, in seconds since the epoch: the latest whose events have had time
     * to be counted. One that is counted later is in the answers of the routes, not in a later snapshot.
     */
    second: Type.Integer(),
    /** In the order of the catalog. */
    topics: Type.Array(
      Type.Object(
        {
          topic: Type.String(),
          /** Of `second` alone. */
          total: Load,
          /** Over the ten seconds up to and with `second`. */
          rate: Rate,
          expected: Rate,
          /** Over the last minute. */
          latency: PercentilesIfAny,
        },
        { additionalProperties: false },
      ),
    ),
    online: Count,
    activeUsers: ActiveUsers,
    /** Over the last 60 minutes. */
    lastHour: Type.Object(
      {
        messages: Count,
        signUps: Count,
        friendRequestsSent: Count,
        friendRequestsAccepted: Count,
        deadLetters: Count,
        onlinePeak: Count,
      },
      { additionalProperties: false },
    ),
  },
  { additionalProperties: false },
);
export type AnalyticsSnapshot = Static<typeof AnalyticsSnapshot>;
