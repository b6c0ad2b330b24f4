// @ts-check

import { defineConfig } from 'vite'
import { offline } from './offline/plugin.mjs'
import { policyText } from './policy.mjs'
import { stories } from './stories/plugin.mjs'

export default defineConfig({
  // Any folder of any host can serve the page.
  base: './',
  plugins: [
    stories(),
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
