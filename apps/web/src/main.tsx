// First of all: what components say about themselves goes above it.
import './style/tokens.css';
import './style/base.css';

import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { createGateway } from './api/gateway.ts';
import { request } from './api/http.ts';
import { App } from './app/App.tsx';
import { createAlert } from './app/alerts.ts';
import { SoriProvider } from './app/sori-context.tsx';
import { TextProvider } from './app/text-context.tsx';
import { createKeepsake } from './session/keepsake.ts';
import { createSession } from './session/session.ts';
import { createStore } from './state/store.ts';

const store = createStore();
const session = createSession(store, createGateway(request), {
  openEventSource: (url) => new EventSource(url, { withCredentials: true }),
  after(ms, callback) {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
  random: Math.random,
  newId: () => crypto.randomUUID(),
  now: () => new Date(),
  alert: createAlert(store),
  keepsake: createKeepsake(sessionStorage),
});

window.addEventListener('online', session.retryNow);
window.addEventListener('pagehide', session.save);

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root');
createRoot(root).render(
  <StrictMode>
    <TextProvider>
      <SoriProvider sori={{ store, session }}>
        <App />
      </SoriProvider>
    </TextProvider>
  </StrictMode>,
);
void session.start();
