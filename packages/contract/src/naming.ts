import { DefinitionError } from './errors.ts';

const WORD = '[a-z][a-z0-9]*(?:-[a-z0-9]+)*';
const EVENT_TYPE = new RegExp(`^${WORD}\\.${WORD}\\.${WORD}$`);
const TOPIC = new RegExp(`^${WORD}\\.events$`);
/** The documented exception to `{context}.events`: a topic that holds the state of one entity. */
const STATE_TOPIC = /^[a-z][a-z0-9]*\.[a-z][a-z0-9]*(?:_[a-z0-9]+)*$/;
const GROUP = new RegExp(`^${WORD}$`);

/** The topic that takes what a consumer of `topic` could not process. */
export const DEAD_LETTER_SUFFIX = '.dlq';

/** Kafka's own limit on a topic's name, in characters. */
export const TOPIC_NAME_MAX_LENGTH = 249;

/** Checks an event type against `{context}.{entity}.{event-type}`; throws DefinitionError. */
export function assertEventType(type: string): void {
  if (!EVENT_TYPE.test(type)) {
    throw new DefinitionError(
      `event type "${type}" must be {context}.{entity}.{event-type}, three lower-case words with hyphens, as message.chat.sent`,
    );
  }
}

/**
 * Checks a topic name against `{context}.events`, or `{context}.{entity_state}` where the topic
 * says that it is a state topic; throws DefinitionError.
 */
export function assertTopicName(name: string, form: 'events' | 'state'): void {
  if (name.length > TOPIC_NAME_MAX_LENGTH) {
    throw new DefinitionError(`topic "${name}" is longer than ${TOPIC_NAME_MAX_LENGTH} characters`);
  }
  if (form === 'events' && !TOPIC.test(name)) {
    throw new DefinitionError(
      `topic "${name}" must be {context}.events; a topic of the latest state of an entity says naming: 'state'`,
    );
  }
  if (form === 'state' && !STATE_TOPIC.test(name)) {
    throw new DefinitionError(`state topic "${name}" must be {context}.{entity_state}`);
  }
}

/** Checks a consumer group's id: lower-case words joined by hyphens; throws DefinitionError. */
export function assertGroupId(id: string): void {
  if (!GROUP.test(id)) {
    throw new DefinitionError(`group "${id}" must be lower-case words joined by hyphens`);
  }
}

/** The context of an event type or topic: its first word. */
export function contextOf(name: string): string {
  return name.slice(0, name.indexOf('.'));
}

/** `message.events` becomes `message.events.dlq`. */
export function deadLetterTopicName(topic: string): string {
  return `${topic}${DEAD_LETTER_SUFFIX}`;
}

/** Whether a topic name is a dead-letter topic's. */
export function isDeadLetterTopicName(topic: string): boolean {
  return topic.endsWith(DEAD_LETTER_SUFFIX);
}
