/** SQL with `$1`, `$2`, … for its values. */
export interface Statement {
  /** Statements with a name are planned once a connection. The name belongs to this text only. */
  readonly name?: string;
  readonly text: string;
}

export interface QueryResult<Row> {
  readonly rows: readonly Row[];
  /** How many rows the statement returned or changed. */
  readonly rowCount: number;
  /** What the server says it did, as `UPDATE` or `COMMIT`. */
  readonly command: string;
}

/**
 * What an SQL operation runs on: a pool, where each statement is a transaction of its own, or the
 * connection of a transaction. Rejects with DependencyUnavailable (`postgres`) when the server is
 * away, shutting down or overloaded; with pg's DatabaseError when it refuses the statement.
 */
export interface Queryable {
  query<Row extends object = Record<string, unknown>>(
    statement: Statement | string,
    values?: readonly unknown[],
  ): Promise<QueryResult<Row>>;
}
