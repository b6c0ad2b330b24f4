// @ts-check

import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'
import { docs } from './docs/plugin.mjs'
import { models } from './models/plugin.mjs'
import { offline } from './offline/plugin.mjs'
import { packedPackage } from './package/plugin.mjs'
import { policyText } from './policy.mjs'
import { stories } from './stories/plugin.mjs'

export default defineConfig({
  resolve: {
    // The page fetches the module of directories as a file, which a browser compiles while it arrives.
    alias: { '#wasm/directory': fileURLToPath(new URL('page/directory/module.mjs', import.meta.url)) },
  },
  // Any folder of any host can serve the page.
  base: './',
  plugins: [
    models(),
    stories(),
    docs(),
    packedPackage(),
    offline(),
    {
      name: 'policy',
      apply: 'build',
      // A host that sends no policy of its own still serves a page with one. A policy in a page cannot say who may embed it.
      transformIndexHtml: () => [{ tag: 'meta', attrs: { 'http-equiv': 'Content-Security-Policy', content: policyText(['frameAncestors']) }, injectTo: 'head-prepend' }],
    },
  ],
  build: {
    target: 'es2022',
    cssTarget: ['chrome123', 'firefox121', 'safari17.5'],
    // Browsers of this target preload by themselves.
    modulePreload: { polyfill: false },
    // The module for servers carries its wasm inside.
    chunkSizeWarningLimit: 1024,
    // A font or an icon inside of a style sheet would need a wider policy.
    assetsInlineLimit: 0,
  },
})
