import type { Logger } from '@sori/stream';

export interface LoggedLine {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly fields: Readonly<Record<string, unknown>>;
  readonly message: string;
}

/** For tests only: keeps what is logged. */
export function recordingLogger(
  lines: LoggedLine[] = [],
  bound: object = {},
): Logger & { readonly lines: readonly LoggedLine[] } {
  const at = (level: LoggedLine['level']) => (fields: object, message: string) => {
    lines.push({ level, fields: { ...bound, ...fields }, message });
  };
  return {
    lines,
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    child: (fields) => recordingLogger(lines, { ...bound, ...fields }),
  };
}
