// @ts-check
// The default loader: the module lies inside of this package's JavaScript.

import base64 from './wasm/directory.inline.mjs'
import { provide } from './directory/instance.mjs'
import { provideModules } from './directory/modules.mjs'

provide(() => new WebAssembly.Module(Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))))
provideModules({
  core: () => import('./latchwork.mjs'),
  password: () => import('./password.mjs'),
  legacy: () => import('./password-legacy.mjs'),
})

export * from './directory/index.mjs'
