/** Why a rebuild did not come to its end. What it has done so far stays, and the next goes on there. */
export type RebuildFailure =
  /** Another rebuild runs, or took this one's build over. */
  | 'HISTORY_REBUILD_RUNNING'
  /**
   * The service's position, or the build's, is beyond what it can be: the log was cut or made anew.
   * The build is given up; the next rebuild begins another.
   */
  | 'HISTORY_LOG_CHANGED';

export class RebuildFailed extends Error {
  override readonly name = 'RebuildFailed';
  readonly code: RebuildFailure;
  readonly retryable = true;

  constructor(code: RebuildFailure, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
