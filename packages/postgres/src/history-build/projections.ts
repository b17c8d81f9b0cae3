/** The name of the history service's positions. They belong to whichever build is active. */
export const HISTORY_PROJECTION = 'history';

/** The name of the positions of a build that is being made. */
export function projectionOfBuild(build: number): string {
  return `history-build-${build}`;
}
