import { AsyncLocalStorage } from 'node:async_hooks';
import { syncBuiltinESMExports } from 'node:module';
import net, { type Socket } from 'node:net';

/**
 * For tests only: a switch in the network of whatever is started inside `run`, while the rest of the
 * process, the test with it, goes on. Connections are told apart by the asynchronous context that
 * opens them.
 */
export interface NetworkFaults extends Disposable {
  run<T>(start: () => T): T;
  /** Nothing written goes out and nothing is read, on connections old and new: a frozen network. */
  freeze(): void;
  /** What was held goes out. */
  thaw(): void;
  /** Every connection breaks, and new ones are refused. */
  cut(): void;
  /** New connections are made again. */
  mend(): void;
}

interface Switch {
  state: 'open' | 'frozen' | 'cut';
  readonly sockets: Set<Socket>;
}

const context = new AsyncLocalStorage<Switch>();

const REFUSING_PORT = 1;

let installed = 0;
const dial = net.createConnection;

function createConnection(options: net.NetConnectOpts): Socket {
  const faults = context.getStore();
  if (faults === undefined) return dial(options);
  const refused = faults.state === 'cut';
  const socket = dial(refused ? { ...options, port: REFUSING_PORT } : options);
  faults.sockets.add(socket);
  socket.once('close', () => faults.sockets.delete(socket));
  // Before it is connected a socket can be neither corked nor paused for good.
  socket.once('connect', () => {
    if (faults.state === 'frozen') hold(socket);
  });
  return socket;
}

export function createNetworkFaults(): NetworkFaults {
  const faults: Switch = { state: 'open', sockets: new Set() };
  install();
  return {
    run: (start) => context.run(faults, start),
    freeze() {
      faults.state = 'frozen';
      for (const socket of faults.sockets) hold(socket);
    },
    thaw() {
      faults.state = 'open';
      for (const socket of faults.sockets) {
        socket.uncork();
        socket.resume();
      }
    },
    cut() {
      faults.state = 'cut';
      for (const socket of faults.sockets) socket.destroy();
    },
    mend() {
      faults.state = 'open';
    },
    [Symbol.dispose]: uninstall,
  };
}

function hold(socket: Socket): void {
  socket.cork();
  socket.pause();
}

function install(): void {
  installed++;
  Object.assign(net, { createConnection });
  syncBuiltinESMExports();
}

function uninstall(): void {
  if (--installed > 0) return;
  Object.assign(net, { createConnection: dial });
  syncBuiltinESMExports();
}
