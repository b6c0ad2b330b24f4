// @ts-check
// The loader for edge runtimes that import a `.wasm` file as a module by `?module`.

import module from './wasm/directory_bg.wasm?module'
import { provide } from './directory/instance.mjs'
import { provideModules } from './directory/modules.mjs'

provide(() => module)
provideModules({
  core: () => import('./edge-light.mjs'),
  password: () => import('./password-edge-light.mjs'),
  legacy: () => import('./password-legacy-edge-light.mjs'),
})

export * from './directory/index.mjs'
