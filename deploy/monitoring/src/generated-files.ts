import { grafanaFiles } from './grafana.ts';
import { prometheusFiles } from './prometheus.ts';
import { PRODUCTION } from './timing.ts';

/** Every committed file that is made here, by path in `deploy`. */
export function generatedFiles(): Readonly<Record<string, string>> {
  return {
    ...inFolder('prometheus', prometheusFiles(PRODUCTION)),
    ...inFolder('grafana', grafanaFiles()),
  };
}

function inFolder(
  folder: string,
  files: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(files).map(([path, text]) => [`${folder}/${path}`, text]),
  );
}
