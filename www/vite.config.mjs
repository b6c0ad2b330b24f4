// @ts-check

import { defineConfig } from 'vite'

export default defineConfig({
  build: {
    target: 'es2022',
    // Browsers of this target preload by themselves.
    modulePreload: { polyfill: false },
    // The package carries its wasm inside.
    chunkSizeWarningLimit: 1024,
  },
})
