/** One block of an event stream: what stood between two blank lines. */
export interface EventStreamBlock {
  /** Set by an `id:` line, with or without data: the stream's new position. */
  readonly id: string | undefined;
  readonly event: string | undefined;
  /** Undefined where the block had no `data:` line; then it is no event. */
  readonly data: string | undefined;
  /** Milliseconds. */
  readonly retry: number | undefined;
}

/**
 * Reads text/event-stream (WHATWG HTML, 9.2.6 "Interpreting an event stream"). Libraries for it give
 * events only; ours moves the position with blocks that have an id and no data, which are no events.
 */
export async function* readEventStream(
  chunks: AsyncIterable<string>,
): AsyncGenerator<EventStreamBlock> {
  let rest = '';
  let lines: string[] = [];
  for await (const chunk of chunks) {
    const parts = (rest + chunk).split(/\r\n|\n|\r(?!$)/);
    rest = parts.pop() ?? '';
    for (const line of parts) {
      if (line !== '') {
        lines.push(line);
      } else if (lines.length > 0) {
        yield parseBlock(lines);
        lines = [];
      }
    }
  }
}

function parseBlock(lines: readonly string[]): EventStreamBlock {
  const data: string[] = [];
  const fields: { id?: string; event?: string; retry?: number } = {};
  for (const line of lines) {
    const colon = line.indexOf(':');
    if (colon === 0) continue;
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1);
    if (name === 'data') data.push(value);
    else if (name === 'event') fields.event = value;
    else if (name === 'id' && !value.includes('\0')) fields.id = value;
    else if (name === 'retry' && /^\d+$/.test(value)) fields.retry = Number(value);
  }
  return {
    id: fields.id,
    event: fields.event,
    data: data.length > 0 ? data.join('\n') : undefined,
    retry: fields.retry,
  };
}
