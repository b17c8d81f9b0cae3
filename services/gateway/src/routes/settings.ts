import { Settings } from '@sori/api';
import type { HttpServer } from '@sori/http';
import { answers } from './responses.ts';

/** What a page asks before anybody has signed in. */
export function settingsRoutes(app: HttpServer, settings: Settings): void {
  app.get(
    '/settings',
    {
      schema: {
        operationId: 'getSettings',
        summary: 'What a page must know before anybody has signed in',
        tags: ['sessions'],
        security: [],
        response: answers(Settings),
      },
    },
    async () => settings,
  );
}
