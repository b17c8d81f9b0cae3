export { type History, type HistoryOptions, startHistory } from './history.ts';
export { main } from './main.ts';
export { RebuildFailed, type RebuildFailure } from './rebuild/errors.ts';
export {
  type RebuildOptions,
  type RebuildProgress,
  type RebuiltHistory,
  rebuildHistory,
} from './rebuild/rebuild-history.ts';
