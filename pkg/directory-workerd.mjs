// @ts-check
// The loader for Cloudflare's runtime, where a `.wasm` file is imported as a compiled module.

import module from './wasm/directory_bg.wasm'
import { provide } from './directory/instance.mjs'
import { provideModules } from './directory/modules.mjs'

provide(() => module)
provideModules({
  core: () => import('./workerd.mjs'),
  password: () => import('./password-workerd.mjs'),
  legacy: () => import('./password-legacy-workerd.mjs'),
})

export * from './directory/index.mjs'
