export {
  createRecordingLogger,
  type LoggedLine,
  type RecordingLogger,
} from './recording-logger.ts';
export { terminateSessions } from './terminate-sessions.ts';
export {
  createTestDatabase,
  silentLogger,
  type TestDatabase,
  type TestDatabaseOptions,
} from './test-database.ts';
export { until } from './until.ts';
