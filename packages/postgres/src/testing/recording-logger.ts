import type { Logger } from '@sori/stream';

export interface LoggedLine {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly message: string;
}

export interface RecordingLogger extends Logger {
  readonly lines: readonly LoggedLine[];
}

/** Keeps what is logged. A child writes into its parent's lines. */
export function createRecordingLogger(): RecordingLogger {
  const lines: LoggedLine[] = [];
  const at = (level: LoggedLine['level']) => (_fields: object, message: string) => {
    lines.push({ level, message });
  };
  const logger: RecordingLogger = {
    lines,
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    child: () => logger,
  };
  return logger;
}
