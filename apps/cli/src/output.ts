import Table from 'cli-table3';
import colors from 'picocolors';

/** Where a command's result goes. Results are on standard output, everything else on standard error. */
export interface Output {
  /** A line for people, of the result. */
  line(text?: string): void;
  /** A result for programs: one JSON document. */
  json(value: unknown): void;
  /** One JSON document on a line of its own, of many. */
  jsonLine(value: unknown): void;
  table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): void;
  /** Something that happens, or went wrong: not of the result. */
  note(text: string): void;
}

export const output: Output = {
  line: (text = '') => write(process.stdout, text),
  json: (value) => write(process.stdout, JSON.stringify(value, null, 2)),
  jsonLine: (value) => write(process.stdout, JSON.stringify(value)),
  table: (head, rows) => {
    const table = new Table({
      head: head.map((title) => colors.bold(title)),
      chars: PLAIN,
      style: { head: [], border: [], 'padding-left': 0, 'padding-right': 2 },
    });
    for (const row of rows) table.push(row.map(String));
    write(process.stdout, table.toString().replaceAll(/ +$/gm, ''));
  },
  note: (text) => write(process.stderr, text),
};

/** Columns apart by space alone: reads well, and cuts well. */
const PLAIN = Object.fromEntries(
  [
    ...['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left'],
    ...['bottom-right', 'left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid', 'middle'],
  ].map((name) => [name, '']),
);

function write(stream: NodeJS.WriteStream, text: string): void {
  stream.write(`${text}\n`);
}
