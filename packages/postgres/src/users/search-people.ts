import type { Queryable } from '../connection/queryable.ts';
import { PERSON_COLUMNS, type Person } from './person.ts';

// Not prepared: a plan made for every pattern could not use the indexes, which need the prefix.
const SEARCH = `
  SELECT ${PERSON_COLUMNS} FROM users
  WHERE deleted_at IS NULL AND (handle LIKE $1 OR lower(display_name COLLATE pg_c_utf8) LIKE $1)
  ORDER BY handle
  LIMIT $2`;

/** People whose handle or display name begins with the text, whatever its case; by handle. */
export async function searchPeople(
  db: Queryable,
  { text, limit }: { readonly text: string; readonly limit: number },
): Promise<readonly Person[]> {
  const pattern = `${withoutWildcards(text.toLowerCase())}%`;
  const { rows } = await db.query<Person>(SEARCH, [pattern, limit]);
  return rows;
}

/** Makes what LIKE reads as a pattern mean itself: handles have underscores. */
function withoutWildcards(text: string): string {
  return text.replaceAll(/[\\%_]/g, (character) => `\\${character}`);
}
