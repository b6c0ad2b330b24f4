// @ts-check
// The default loader: the module lies inside of this package's JavaScript, so that everything works at once
// after `import` or `require`, without a file system or a network.

import base64 from './wasm/inline.mjs'
import { provide } from './lib/instance.mjs'

provide(() => new WebAssembly.Module(Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))))

export * from './lib/index.mjs'
