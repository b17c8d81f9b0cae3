import type { Api } from '../api/api.ts';
import { ApiError } from '../api/http.ts';
import { ADA, MINJI, ROOM } from './sample.ts';

export interface FakeApi extends Api {
  /** What was asked, as `name argument …`. */
  readonly asked: string[];
  /** Rejects the next question of this name. */
  refuse(name: keyof Api, error?: ApiError): void;
}

/** A gateway at which all goes well until a test says otherwise. */
export function createFakeApi(overrides: Partial<Api> = {}): FakeApi {
  const asked: string[] = [];
  const refusals = new Map<string, ApiError>();

  const answers: Api = {
    settings: async () => ({ edgeUrl: 'https://edge.example', development: true }),
    signIn: async () => ADA,
    signOut: async () => {},
    me: async () => ADA,
    rename: async () => {},
    person: async (id) => ({ id, handle: id, displayName: id.toUpperCase() }),
    searchPeople: async () => [MINJI],
    friends: async () => ({
      friends: { friends: [], incoming: [], outgoing: [], blocked: [] },
      people: [],
    }),
    changeFriend: async () => {},
    rooms: async () => ({ rooms: [{ ...ROOM, members: [] }], people: [MINJI] }),
    room: async () => ({ room: { ...ROOM, members: [] }, people: [MINJI] }),
    createRoom: async () => ({ room: { ...ROOM, id: 'new', members: [] }, people: [] }),
    renameRoom: async () => {},
    archiveRoom: async () => {},
    addMember: async () => {},
    removeMember: async () => {},
    changeRole: async () => {},
    mute: async () => {},
    history: async () => ({ messages: [], people: [] }),
    send: async (_roomId, clientMessageId) => `id of ${clientMessageId}`,
    edit: async () => {},
    deleteMessage: async () => {},
    react: async () => {},
    markRead: async () => {},
    ...overrides,
  };

  function watched<Name extends keyof Api>(name: Name): Api[Name] {
    const answer = answers[name] as (...given: unknown[]) => Promise<unknown>;
    const ask = async (...given: unknown[]) => {
      asked.push([name, ...given.map(textOf)].join(' '));
      const refusal = refusals.get(name);
      refusals.delete(name);
      if (refusal !== undefined) throw refusal;
      return answer(...given);
    };
    return ask as Api[Name];
  }

  const names = Object.keys(answers) as (keyof Api)[];
  return {
    ...(Object.fromEntries(names.map((name) => [name, watched(name)])) as unknown as Api),
    asked,
    refuse: (name, error = new ApiError('overloaded', 503)) => refusals.set(name, error),
  };
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
