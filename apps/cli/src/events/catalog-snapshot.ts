import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { catalog } from '@sori/chat-events';
import {
  type CatalogChange,
  type CatalogSnapshot,
  compareCatalogs,
  snapshotOf,
} from '@sori/contract';
import { CommandError } from '../errors.ts';

/** What programs elsewhere were built on; kept in the repository beside the catalog. */
export const SNAPSHOT_PATH = fileURLToPath(
  import.meta.resolve('@sori/chat-events/catalog.snapshot.json'),
);

/** How the catalog of this checkout differs from the one that was last agreed on. */
export async function changesSince(path: string): Promise<readonly CatalogChange[]> {
  return compareCatalogs(await readSnapshot(path), snapshotOf(catalog));
}

/** Makes the catalog of this checkout the one that is agreed on. */
export async function acceptCatalog(path: string): Promise<void> {
  await writeFile(path, snapshotText());
}

/** The snapshot of the catalog as its file says it. */
export function snapshotText(): string {
  return `${JSON.stringify(snapshotOf(catalog), null, 2)}\n`;
}

async function readSnapshot(path: string): Promise<CatalogSnapshot> {
  try {
    const found: unknown = JSON.parse(await readFile(path, 'utf8'));
    if (isSnapshot(found)) return found;
  } catch (cause) {
    throw unreadable(path, { cause });
  }
  throw unreadable(path);
}

function isSnapshot(value: unknown): value is CatalogSnapshot {
  if (typeof value !== 'object' || value === null) return false;
  return 'topics' in value && 'events' in value;
}

function unreadable(path: string, options?: ErrorOptions): CommandError {
  const message = `There is no snapshot of a catalog in ${path}.`;
  return new CommandError('CLI_SNAPSHOT_UNREADABLE', message, options);
}
