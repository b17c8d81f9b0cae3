import { catalog } from '@sori/chat-events';
import { asyncApiDocument } from '@sori/contract';

const INFO = {
  title: 'Sori',
  version: '1',
  description:
    'What happens in the chat, as events on Apache Kafka: CloudEvents 1.0 in binary mode, JSON data. ' +
    'Made from the catalog: sori events asyncapi.',
} as const;

/** The catalog as an AsyncAPI 3 document, as its file says it. */
export function asyncApiText(): string {
  return `${JSON.stringify(asyncApiDocument(catalog, INFO), null, 2)}\n`;
}
