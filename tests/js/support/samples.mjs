// @ts-check
// The samples of all models: tests/cases/<model>/sample.mjs. Records, a user in them, an allowed question, a denied one, and a form.

import { MODELS } from '../../../scripts/models.mjs'

/** @typedef {import('latchwork').SystemName} SystemName */
/** The models of products: the words of `rbac` are those of its document. @typedef {Exclude<SystemName, 'rbac'>} Product */

/** @type {SystemName[]} */
export const systems = /** @type {SystemName[]} */ ([...MODELS].sort())

/** @type {{ [S in SystemName]: import('./sample-parts.mjs').Sample }} */
export const samples = /** @type {any} */ (Object.fromEntries(await Promise.all(systems.map(async (system) => [system, (await import(`../../cases/${system}/sample.mjs`)).default]))))

/** The systems with words of their own. */
export const products = /** @type {Product[]} */ (systems.filter((system) => system !== 'rbac'))

/** The systems with forms. */
export const withForms = products.filter((system) => samples[system].kind !== undefined)

/**
 * The package with its types taken off, for tests that pass what types forbid.
 * @param {typeof import('latchwork')} latchwork
 * @returns {any}
 */
export function untyped(latchwork) {
  return latchwork
}
