import { People, PeopleQuery, Person, SEARCH_RESULTS_MAX, UserPath } from '@sori/api';
import type { HttpServer } from '@sori/http';
import { searchPeople } from '@sori/postgres';
import { personWithId } from '../queries/people.ts';
import type { RouteContext } from './context.ts';
import { answers } from './responses.ts';

export function peopleRoutes(app: HttpServer, { pool }: RouteContext): void {
  app.get(
    '/users',
    {
      schema: {
        operationId: 'searchPeople',
        summary: 'People whose handle or name begins with the query',
        tags: ['people'],
        querystring: PeopleQuery,
        response: answers(People),
      },
    },
    async (request) => {
      const { query } = request.query;
      return {
        people: [...(await searchPeople(pool, { text: query, limit: SEARCH_RESULTS_MAX }))],
      };
    },
  );

  app.get(
    '/users/:userId',
    {
      schema: {
        operationId: 'getPerson',
        summary: 'One person',
        tags: ['people'],
        params: UserPath,
        response: answers(Person),
      },
    },
    (request) => personWithId(pool, request.params.userId),
  );
}
