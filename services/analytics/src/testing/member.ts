import { catalog } from '@sori/chat-events';
import { createKafka } from '@sori/kafka';
import { renamedTopics } from '@sori/kafka/testing';
import { createPool } from '@sori/postgres';
import { createHealth, createLogger, createMetrics } from '@sori/telemetry';
import { startAnalytics } from '../analytics.ts';

/*
 * For tests only: a member of analytics-consumer-group in a process of its own, on topics of the test's
 * own. Sends 'ready' to its parent when the group has given it partitions; SIGTERM drains it.
 */

/** Short, so that what was killed is taken over soon. Milliseconds. */
const SESSION_TIMEOUT_MS = 2_000;
const READY_POLL_MS = 50;

const brokers = given('KAFKA_BROKERS').split(',');
const prefix = given('TEST_PREFIX');
const name = given('TEST_MEMBER');
const logger = createLogger({ service: name, level: 'warn' });
const health = createHealth();
await using kafka = createKafka({ brokers, clientId: name, logger });
await using pool = createPool({ url: given('DATABASE_URL'), applicationName: name, logger });
const topics = renamedTopics(prefix);
await using _analytics = await startAnalytics({
  memberName: name,
  catalog,
  reader: topics.reader(kafka.reader()),
  coordinator: topics.coordinator(kafka.coordinator(), prefix),
  pool,
  logger,
  metrics: createMetrics({ service: name }),
  health,
  limits: { sessionTimeoutMs: SESSION_TIMEOUT_MS },
});
const stopped = Promise.withResolvers<void>();
process.once('SIGTERM', () => stopped.resolve());
process.once('disconnect', () => stopped.resolve());
const poll = setInterval(async () => {
  if (!(await health.report('ready')).ok) return;
  clearInterval(poll);
  process.send?.('ready');
}, READY_POLL_MS);
await stopped.promise;
clearInterval(poll);
// It would keep the process alive.
if (process.connected) process.disconnect();

function given(variable: string): string {
  const value = process.env[variable];
  if (value === undefined) throw new Error(`${variable} is not set`);
  return value;
}
