import swagger from '@fastify/swagger';
import apiReference from '@scalar/fastify-api-reference';
import { ProblemDetails } from '@sori/api';
import { type HttpServer, SESSION_COOKIE } from '@sori/http';

/** The page writes its styles and start-up script into itself; everything comes from this server. */
const DOCS_POLICY = [
  "default-src 'none'",
  "script-src 'self' 'unsafe-inline'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "frame-ancestors 'none'",
].join('; ');

const ANY_PROBLEM = {
  description: 'Anything else: problem details (RFC 9457)',
  content: { 'application/problem+json': { schema: ProblemDetails } },
};

const TAGS = [
  { name: 'sessions', description: 'Signing in and out' },
  { name: 'people', description: 'Accounts and profiles' },
  { name: 'friends', description: 'Requests, friendships and blocks' },
  { name: 'rooms', description: 'Rooms and who is in them' },
  { name: 'messages', description: 'What is said in rooms; stored in the log before the answer' },
  { name: 'analytics', description: 'How all of it is used; for operators' },
  { name: 'events', description: 'Events of other services' },
];

/** Describes the routes that are added after it: OpenAPI 3.1 at /openapi.json, a page at /docs/. */
export async function addApiDescription(app: HttpServer): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Sori gateway',
        version: '1',
        description: 'Users, friends, rooms and messages of the chat, and events of its services.',
      },
      tags: TAGS,
      security: [{ bearer: [] }, { cookie: [] }],
      components: {
        securitySchemes: {
          bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
          cookie: { type: 'apiKey', in: 'cookie', name: SESSION_COOKIE },
        },
      },
    },
    transform: ({ schema, url }) => ({
      schema: { ...schema, response: { ...Object(schema?.response), default: ANY_PROBLEM } },
      url,
    }),
  });
  app.get('/openapi.json', { schema: { hide: true } }, async () => app.swagger());
  await app.register(apiReference, {
    routePrefix: '/docs',
    hooks: {
      onRequest: async (_request, reply) => {
        reply.header('content-security-policy', DOCS_POLICY);
      },
    },
    configuration: {
      url: '/openapi.json',
      pageTitle: 'Sori gateway',
      withDefaultFonts: false,
      telemetry: false,
      hideClientButton: true,
      showDeveloperTools: 'never',
      agent: { disabled: true },
      mcp: { disabled: true },
    },
  });
}
