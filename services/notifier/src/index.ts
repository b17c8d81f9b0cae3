export { type AudienceReads, postgresAudience } from './audience/reads.ts';
export { main } from './main.ts';
export { type Notifier, type NotifierOptions, startNotifier } from './notifier.ts';
