import type { Queryable, Statement } from '../connection/queryable.ts';
import { projectionOfBuild } from './projections.ts';

const LOCK: Statement = {
  name: 'history-lock-active-build',
  text: 'SELECT FROM history_active FOR UPDATE',
};
const SWITCH: Statement = {
  name: 'history-switch-build',
  text: `
    UPDATE history_active SET build = $2
    WHERE build = $1 AND NOT (SELECT replaced FROM history_builds WHERE id = $2)`,
};
const REPLACE: Statement = {
  name: 'history-replace-build',
  text: 'UPDATE history_builds SET replaced = true WHERE id = $1',
};
const FORGET_POSITIONS: Statement = {
  name: 'history-forget-build-positions',
  text: 'DELETE FROM projection_positions WHERE projection = $1',
};
const FORGET_COPIES: Statement = {
  name: 'history-forget-copies',
  text: 'DELETE FROM history_copies WHERE build = $1',
};

/**
 * Waits for every transaction that writes the active build, and lets none begin until this one ends.
 * After `lockBuildProgress`, which holds back all but those of partitions that were never read; only
 * what is read after this is the last word on positions.
 */
export async function lockActiveBuild(transaction: Queryable): Promise<void> {
  await transaction.query(LOCK);
}

/**
 * Makes `building` the active build. The caller has locked positions and active build, and has seen
 * since that the build is as far as the service. False, and nothing changed, when the active build is
 * not the one that it was made from.
 */
export async function switchBuild(
  transaction: Queryable,
  { active, building }: { readonly active: number; readonly building: number },
): Promise<boolean> {
  const { rowCount } = await transaction.query(SWITCH, [active, building]);
  if (rowCount !== 1) return false;
  await transaction.query(REPLACE, [active]);
  await transaction.query(FORGET_POSITIONS, [projectionOfBuild(building)]);
  await transaction.query(FORGET_COPIES, [building]);
  return true;
}
