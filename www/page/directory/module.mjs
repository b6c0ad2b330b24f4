// @ts-check
// The WebAssembly module of directories as a file, in place of the text in the package.

import url from 'latchwork/directory.wasm?url'

export default await WebAssembly.compileStreaming(fetch(url))
