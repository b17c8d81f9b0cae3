/** As localStorage, for as long as a test. */
export interface MemoryStorage {
  readonly size: number;
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

export function createMemoryStorage(): MemoryStorage {
  const items = new Map<string, string>();
  return {
    get size() {
      return items.size;
    },
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => items.set(key, value),
    removeItem: (key) => items.delete(key),
  };
}
