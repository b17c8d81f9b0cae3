export { RequestFailed } from './errors.ts';
export { type FeedFrame, type FeedOptions, followFeed } from './feed.ts';
export {
  createHttpClient,
  type HttpClient,
  type HttpClientOptions,
  type HttpMethod,
} from './http-client.ts';
