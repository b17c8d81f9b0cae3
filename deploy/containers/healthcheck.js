// For a container's health check: whether the address of the first argument answers with success.
const TIMEOUT_MS = 2_000;

const [, , url] = process.argv;
const answer = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) }).catch(() => undefined);
process.exitCode = answer?.ok ? 0 : 1;
