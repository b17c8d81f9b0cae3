import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { generatedFiles } from './generated-files.ts';

/** Writes what the code says to where Prometheus and Grafana read it. */
for (const [path, text] of Object.entries(generatedFiles())) {
  const file = join(import.meta.dirname, '../..', path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
}
