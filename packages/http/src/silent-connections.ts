import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Connections on which nothing was asked yet: browsers open some ahead of need. Node takes them for busy
 * ones, so that a server that closes would wait until they time out.
 */
export class SilentConnections {
  readonly #sockets = new Set<Socket>();

  constructor(server: Server) {
    server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
    // Not its bytes: a listener for those would take the connection off Node's fast path.
    server.on('request', ({ socket }: IncomingMessage) => this.#sockets.delete(socket));
  }

  end(): void {
    for (const socket of this.#sockets) socket.destroy();
  }
}
