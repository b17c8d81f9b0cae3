/** A name this far from what was typed, in single-character edits for every three typed, is meant. */
const CHARACTERS_PER_EDIT = 3;

/** The end of a sentence about a name that is not there: with the nearest that is, or a full stop. */
export function didYouMean(typed: string, names: readonly string[]): string {
  const near = nearest(typed, names);
  return near === undefined ? '.' : `; did you mean "${near}"?`;
}

/** The name with the fewest edits from what was typed, if they are few for its length. */
export function nearest(typed: string, names: readonly string[]): string | undefined {
  let best: { readonly name: string; readonly edits: number } | undefined;
  for (const name of names) {
    const edits = editDistance(typed.toLowerCase(), name.toLowerCase());
    if (best === undefined || edits < best.edits) best = { name, edits };
  }
  const most = Math.max(1, Math.floor(typed.length / CHARACTERS_PER_EDIT));
  return best !== undefined && best.edits <= most ? best.name : undefined;
}

/** Levenshtein's distance, one row of the table at a time (Wagner and Fischer, 1974). */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [i, a] of [...from].entries()) {
    const next = [i + 1];
    for (const [j, b] of [...to].entries()) {
      const replaced = (row[j] ?? 0) + (a === b ? 0 : 1);
      next.push(Math.min(replaced, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
