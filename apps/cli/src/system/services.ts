/** The services that `sori run` knows, by name. Loaded when asked for: each brings its own imports. */
const MAINS = {
  gateway: async () => (await import('@sori/gateway')).main,
  relay: async () => (await import('@sori/relay')).main,
  notifier: async () => (await import('@sori/notifier')).main,
  edge: async () => (await import('@sori/edge')).main,
  history: async () => (await import('@sori/history')).main,
  analytics: async () => (await import('@sori/analytics')).main,
  monitor: async () => (await import('@sori/monitor')).main,
} as const;

export type ServiceName = keyof typeof MAINS;

export const serviceNames = Object.keys(MAINS) as readonly ServiceName[];

export function isServiceName(name: string): name is ServiceName {
  return name in MAINS;
}

/** Starts a service in this process; disposing it drains it. Rejects if its environment is wrong. */
export async function runService(
  name: ServiceName,
  environment: NodeJS.ProcessEnv,
): Promise<AsyncDisposable> {
  const main = await MAINS[name]();
  return await main(environment);
}
