import type { MessageRef } from '../api/api.ts';
import { ApiError } from '../api/http.ts';
import type { Message, OutgoingMessage } from '../state/model.ts';
import { myId } from '../state/reducer.ts';
import { createSendQueue } from './send-queue.ts';
import type { Work } from './work.ts';

/** The problem's code of a message that too many others of its room wait before. */
export const TOO_MANY_WAITING = 'too-many-waiting';

export interface MessagePorts {
  /** A UUID, another one each time. */
  newId(): string;
  now(): Date;
}

export interface Messages {
  /** Shows the message at once, and sends it after those before it. */
  send(roomId: string, text: string): void;
  /** Sends a failed message again as the same one: where it had arrived, nothing happens twice. */
  retry(roomId: string, clientMessageId: string): void;
  edit(roomId: string, message: Message, text: string): Promise<void>;
  deleteMessage(roomId: string, message: Message): Promise<void>;
  react(message: MessageRef, emoji: string, present: boolean): Promise<void>;
}

export function createMessages(
  { store, api, failed, attempt }: Work,
  ports: MessagePorts,
): Messages {
  const queue = createSendQueue();

  function outgoing(roomId: string, clientMessageId: string): OutgoingMessage | undefined {
    const sent = store.state().timelines[roomId]?.outgoing;
    return sent?.find((message) => message.clientMessageId === clientMessageId);
  }

  function deliver(roomId: string, clientMessageId: string, text: string): void {
    const queued = queue.add(roomId, async () => {
      // It went with its room or its session: whoever is here now must not send it as theirs.
      if (outgoing(roomId, clientMessageId) === undefined) return;
      const sender = myId(store.state());
      try {
        const messageId = await api.send(roomId, clientMessageId, text);
        store.dispatch({ type: 'message/accepted', roomId, clientMessageId, messageId });
      } catch (error) {
        const problem = error instanceof ApiError ? error.code : 'unknown';
        store.dispatch({ type: 'message/failed', roomId, clientMessageId, problem });
        // The message itself says what went wrong; that nobody is signed in concerns all.
        const isSaid = error instanceof ApiError && error.status !== 401;
        if (!isSaid && myId(store.state()) === sender) failed(error);
      }
    });
    if (queued) return;
    store.dispatch({ type: 'message/failed', roomId, clientMessageId, problem: TOO_MANY_WAITING });
  }

  return {
    send(roomId, text) {
      const clientMessageId = ports.newId();
      const at = ports.now().toISOString();
      store.dispatch({ type: 'message/queued', roomId, clientMessageId, text, at });
      deliver(roomId, clientMessageId, text);
    },
    retry(roomId, clientMessageId) {
      const message = outgoing(roomId, clientMessageId);
      if (message?.state !== 'failed') return;
      store.dispatch({ type: 'message/retried', roomId, clientMessageId });
      deliver(roomId, clientMessageId, message.text);
    },
    async edit(roomId, message, text) {
      const messageId = message.id;
      await attempt(async () => {
        await api.edit({ roomId, messageId }, message.clientMessageId, text);
        store.dispatch({
          type: 'message/edited',
          roomId,
          messageId,
          text,
          at: ports.now().toISOString(),
        });
      });
    },
    async deleteMessage(roomId, message) {
      const messageId = message.id;
      const isMine = message.userId === myId(store.state());
      await attempt(async () => {
        await api.deleteMessage(
          { roomId, messageId },
          isMine ? message.clientMessageId : undefined,
        );
        store.dispatch({ type: 'message/deleted', roomId, messageId });
      });
    },
    async react(message, emoji, present) {
      const action = { type: 'message/reacted', ...message, emoji } as const;
      store.dispatch({ ...action, present });
      const done = await attempt(async () => {
        await api.react(message, emoji, present);
        return true;
      });
      if (done === undefined) store.dispatch({ ...action, present: !present });
    },
  };
}
