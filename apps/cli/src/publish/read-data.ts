import { createInterface } from 'node:readline';
import { CommandError, EXIT } from '../errors.ts';

/** One JSON value of the input, and where it stood, for messages: `line 3`, or `--data`. */
export interface InputValue {
  readonly value: unknown;
  readonly place: string;
}

/** The values of `--data`: one of its text, or with `-` those of standard input, one a line. */
export async function* readData(
  data: string,
  standardInput: NodeJS.ReadableStream,
): AsyncGenerator<InputValue> {
  if (data === '-') yield* readLines(standardInput);
  else yield { value: parseJson(data, '--data'), place: '--data' };
}

/** Newline-delimited JSON; blank lines are passed over. A lone document may also span lines. */
async function* readLines(input: NodeJS.ReadableStream): AsyncGenerator<InputValue> {
  let line = 0;
  let spanning: string | undefined;
  for await (const text of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    line += 1;
    if (spanning !== undefined) {
      spanning += `\n${text}`;
    } else if (text.trim() !== '') {
      // Pretty-printed JSON begins with a line that is no document: then all of the input is one.
      if (line === 1 && isOpening(text)) spanning = text;
      else yield { value: parseJson(text, `line ${line}`), place: `line ${line}` };
    }
  }
  if (spanning !== undefined) {
    yield { value: parseJson(spanning, 'standard input'), place: 'standard input' };
  }
}

function isOpening(text: string): boolean {
  return text.trim() === '{';
}

function parseJson(text: string, place: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new CommandError(
      'CLI_NOT_JSON',
      `${place} is not JSON: ${(cause as SyntaxError).message}`,
      { cause, exitCode: EXIT.usage },
    );
  }
}
