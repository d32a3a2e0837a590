// Builds the dashboard into dist/web. `npx vite web` serves it while one works on it, beside a service on its usual port.
import { preact } from '@preact/preset-vite';
import { defineConfig } from 'vite';

const SERVICE = 'http://127.0.0.1:3000';

export default defineConfig({
  plugins: [preact({ reactAliasesEnabled: false })],
  build: {
    outDir: '../dist/web',
    emptyOutDir: true,
    target: 'es2022',
    // Its script would be inline.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    reportCompressedSize: true,
  },
  server: { proxy: { '/v1': SERVICE, '/health': SERVICE } },
});
