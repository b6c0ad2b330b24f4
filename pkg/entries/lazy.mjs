// @ts-check
// The package's other modules, each loaded when the directory first needs it.

/** @returns {Promise<typeof import('latchwork')>} */
export const models = async () => /** @type {any} */ (await import('./latchwork.mjs'))
export const password = () => import('#password')
export const passwordLegacy = () => import('#password-legacy')
