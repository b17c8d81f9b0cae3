import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { join } from 'node:path';

/**
 * Loaded before a program (`node --import`), it takes away the packages that the image does not have:
 * those that the lock file says are for development alone.
 */
const lock = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../../package-lock.json'), 'utf8'),
) as { readonly packages: Readonly<Record<string, { readonly dev?: boolean }>> };

const FOLDER = 'node_modules/';
const away = new Set(
  Object.entries(lock.packages).flatMap(([path, { dev }]) =>
    dev && path.startsWith(FOLDER) ? [path.slice(FOLDER.length)] : [],
  ),
);

registerHooks({
  resolve: (specifier, context, next) => {
    const [scope = '', name = ''] = specifier.split('/');
    const wanted = scope.startsWith('@') ? `${scope}/${name}` : scope;
    if (away.has(wanted)) throw new Error(`the image has no ${wanted}`);
    return next(specifier, context);
  },
});
