import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** The gateway of `npm start`, which `npm run dev -w @sori/web` talks to. */
const GATEWAY = 'http://127.0.0.1:8080';

export default defineConfig({
  plugins: [react()],
  build: { target: 'es2023', sourcemap: false },
  server: { host: '127.0.0.1', proxy: { '/v1': GATEWAY } },
});
