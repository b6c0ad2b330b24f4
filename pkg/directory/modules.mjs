// @ts-check
// The package's other modules, each loaded when the directory first needs it, by the loader of its runtime.

/**
 * @typedef {object} Modules
 * @property {() => Promise<typeof import('latchwork')>} core
 * @property {() => Promise<typeof import('latchwork/password')>} password
 * @property {() => Promise<typeof import('latchwork/password-legacy')>} legacy
 */

/** @type {Modules} */
export let modules

/** Says where the other modules come from. @param {any} loaders */
export function provideModules(loaders) {
  modules ??= loaders
}
