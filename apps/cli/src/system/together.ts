/**
 * Runs tasks side by side. When one fails the others' signal aborts, and it rejects with that first
 * failure when all have settled: nothing is still starting then.
 */
export async function together<
  const T extends readonly ((signal: AbortSignal) => Promise<unknown>)[],
>(signal: AbortSignal, tasks: T): Promise<{ -readonly [K in keyof T]: Awaited<ReturnType<T[K]>> }> {
  const failed = new AbortController();
  const either = AbortSignal.any([signal, failed.signal]);
  let failure: { readonly reason: unknown } | undefined;
  const results = await Promise.all(
    tasks.map(async (task) => {
      try {
        return await task(either);
      } catch (reason) {
        failure ??= { reason };
        failed.abort(reason);
        return undefined;
      }
    }),
  );
  if (failure !== undefined) throw failure.reason;
  return results as { -readonly [K in keyof T]: Awaited<ReturnType<T[K]>> };
}
