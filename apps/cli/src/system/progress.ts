import colors from 'picocolors';

/** Says what goes on while something long runs. */
export interface Progress {
  /** Runs a step and says how long it took; `update` says what it is at. */
  step<T>(title: string, run: (update: (detail: string) => void) => Promise<T>): Promise<T>;
  note(text: string): void;
}

/** Progress as lines, which read the same on a terminal, in a file and in CI. */
export function lineProgress(write: (line: string) => void): Progress {
  return {
    step: async (title, run) => {
      const startedAt = performance.now();
      const seconds = (): string => `${((performance.now() - startedAt) / 1000).toFixed(1)} s`;
      try {
        const result = await run((detail) => write(colors.dim(`  … ${title}: ${detail}`)));
        write(`  ${colors.green('✓')} ${title} ${colors.dim(seconds())}`);
        return result;
      } catch (error) {
        write(`  ${colors.red('✗')} ${title} ${colors.dim(seconds())}`);
        throw error;
      }
    },
    note: (text) => write(`  ${text}`),
  };
}
