// @ts-check
// Where the module of each model is.

/** @type {Record<string, () => Promise<string>>} */
export const MODULE_URLS = {
  rbac: async () => (await import('latchwork/rbac.wasm?url')).default,
  antmedia: async () => (await import('latchwork/antmedia.wasm?url')).default,
  arangodb: async () => (await import('latchwork/arangodb.wasm?url')).default,
  meuse: async () => (await import('latchwork/meuse.wasm?url')).default,
  tyk: async () => (await import('latchwork/tyk.wasm?url')).default,
  wso2: async () => (await import('latchwork/wso2.wasm?url')).default,
}
