/** Something that this machine lacks, or that another program holds. `message` says what to do. */
export class LocalSetupError extends Error {
  readonly code: LocalSetupCode;
  readonly retryable = false;
  override readonly name = 'LocalSetupError';

  constructor(code: LocalSetupCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

export type LocalSetupCode =
  | 'LOCAL_NO_JAVA'
  | 'LOCAL_NO_MAVEN'
  | 'LOCAL_NO_PROMETHEUS'
  | 'LOCAL_DOWNLOAD_FAILED'
  | 'LOCAL_PLATFORM_UNSUPPORTED'
  | 'LOCAL_NO_UNPRIVILEGED_USER'
  | 'LOCAL_DIRECTORY_UNREACHABLE'
  | 'LOCAL_PROCESS_EXITED'
  | 'LOCAL_START_TIMED_OUT'
  | 'LOCAL_ALREADY_RUNNING';
