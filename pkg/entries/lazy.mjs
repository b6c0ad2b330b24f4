// @ts-check
// The package's other modules, each loaded when the directory first needs it.

export const models = () => import('./latchwork.mjs')
export const password = () => import('#password')
export const passwordLegacy = () => import('#password-legacy')
