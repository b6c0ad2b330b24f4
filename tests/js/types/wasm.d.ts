// What edge runtimes make of an import of a `.wasm` file.
declare module '*.wasm' {
  const module: WebAssembly.Module
  export default module
}

declare module '*.wasm?module' {
  const module: WebAssembly.Module
  export default module
}

// `@libsql/client` names it in its types, and its own types are not found by Node's resolution.
declare module '@libsql/isomorphic-ws'
