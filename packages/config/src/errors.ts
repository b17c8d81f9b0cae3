/** One variable that is missing or wrong. Never holds the value of a secret. */
export interface ConfigurationProblem {
  /** The variable's name, as it stands (or should stand) in the environment. */
  readonly variable: string;
  /** What is there, in words: `nothing`, `"http"`, `text of 12 characters`. */
  readonly found: string;
  readonly expected: string;
}

/** The environment does not configure the program. Its message lists every problem, one a line. */
export class ConfigurationError extends Error {
  readonly code = 'CONFIG_INVALID';
  readonly retryable = false;
  override readonly name = 'ConfigurationError';
  readonly problems: readonly ConfigurationProblem[];

  constructor(problems: readonly ConfigurationProblem[]) {
    const lines = problems.map(
      ({ variable, found, expected }) => `  ${variable}: found ${found}, expected ${expected}`,
    );
    super(`the environment is not usable\n${lines.join('\n')}`);
    this.problems = problems;
  }
}
