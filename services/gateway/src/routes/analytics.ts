import {
  AnalyticsDeadLetters,
  AnalyticsLatency,
  AnalyticsOverview,
  AnalyticsQuery,
  AnalyticsRooms,
  AnalyticsRoomsQuery,
  AnalyticsTopics,
  AnalyticsUsers,
  AnalyticsUsersQuery,
} from '@sori/api';
import { catalog } from '@sori/chat-events';
import type { HttpServer } from '@sori/http';
import { HOUR, KEPT_SECONDS, ROOM_HOURS_KEPT_SECONDS } from '@sori/postgres';
import type { Clock } from '@sori/stream';
import { analyticsDeadLetters } from '../queries/analytics/dead-letters.ts';
import { analyticsLatency } from '../queries/analytics/latency.ts';
import { analyticsOverview } from '../queries/analytics/overview.ts';
import { analyticsUsers } from '../queries/analytics/people.ts';
import { analyticsRooms } from '../queries/analytics/rooms.ts';
import { stretchOf } from '../queries/analytics/stretch.ts';
import { analyticsTopics } from '../queries/analytics/topics.ts';
import type { RouteContext } from './context.ts';
import { answers } from './responses.ts';

/** Rooms in an answer unless it is said how many. */
const ROOMS_UNLESS_ASKED = 20;

const ROOMS_KEPT_SECONDS = { ...KEPT_SECONDS, [HOUR]: ROOM_HOURS_KEPT_SECONDS };

/** How the product is used, as the analytics service has counted it. For operators. */
export function analyticsRoutes(app: HttpServer, { pool }: RouteContext, clock: Clock): void {
  const tags = ['analytics'];

  app.get(
    '/analytics/overview',
    {
      schema: {
        operationId: 'getAnalyticsOverview',
        summary: 'Everything in one number each, beside what is expected',
        tags,
        querystring: AnalyticsQuery,
        response: answers(AnalyticsOverview),
      },
    },
    async ({ query }) => {
      const now = clock.now();
      return await analyticsOverview(pool, catalog, stretchOf(query, now), now);
    },
  );

  app.get(
    '/analytics/topics',
    {
      schema: {
        operationId: 'getAnalyticsTopics',
        summary: 'Records and bytes of every topic, by type and over time, beside what is expected',
        tags,
        querystring: AnalyticsQuery,
        response: answers(AnalyticsTopics),
      },
    },
    async ({ query }) => await analyticsTopics(pool, catalog, stretchOf(query, clock.now())),
  );

  app.get(
    '/analytics/rooms',
    {
      schema: {
        operationId: 'getAnalyticsRooms',
        summary: 'The rooms in which the most messages were sent',
        tags,
        querystring: AnalyticsRoomsQuery,
        response: answers(AnalyticsRooms),
      },
    },
    async ({ query }) => {
      const { limit = ROOMS_UNLESS_ASKED, ...asked } = query;
      const stretch = stretchOf(asked, clock.now(), ROOMS_KEPT_SECONDS);
      return await analyticsRooms(pool, stretch, limit);
    },
  );

  app.get(
    '/analytics/users',
    {
      schema: {
        operationId: 'getAnalyticsUsers',
        summary: 'People who were active or online, sign-ups and friend requests, over time',
        tags,
        querystring: AnalyticsUsersQuery,
        response: answers(AnalyticsUsers),
      },
    },
    async ({ query }) => {
      const now = clock.now();
      return await analyticsUsers(pool, stretchOf(query, now), now);
    },
  );

  app.get(
    '/analytics/dead-letters',
    {
      schema: {
        operationId: 'getAnalyticsDeadLetters',
        summary: 'Records that were given up, by topic, reason and group',
        tags,
        querystring: AnalyticsQuery,
        response: answers(AnalyticsDeadLetters),
      },
    },
    async ({ query }) => await analyticsDeadLetters(pool, stretchOf(query, clock.now())),
  );

  app.get(
    '/analytics/latency',
    {
      schema: {
        operationId: 'getAnalyticsLatency',
        summary: 'How long events took until they were counted, by topic and over time',
        tags,
        querystring: AnalyticsQuery,
        response: answers(AnalyticsLatency),
      },
    },
    async ({ query }) => await analyticsLatency(pool, catalog, stretchOf(query, clock.now())),
  );
}
