// @ts-check
// The models of the page. Each is a module of its own, which is fetched when the model is first opened: only the script of
// the model that is open by default is a part of the page. The questions that only servers and tools ask are in one further
// module.

import * as rbac from 'latchwork/rbac/web'

/**
 * A model's module after `init()`.
 * @typedef {object} ModelModule
 * @property {(records: any, options?: any) => any} open
 * @property {(kind: string, value: unknown) => any} [validate] absent in a model without forms
 * @property {(request: any) => any} [classify] absent in a model without requests
 */

/** @typedef {{ name: string, title: string, load: () => Promise<ModelModule>, cases: () => Promise<any> }} Model */

/** @param {Promise<any>} loading @returns {Promise<ModelModule>} */
async function initialized(loading) {
  const module = await loading
  await module.init()
  return module
}

/** @type {Model[]} */
export const MODELS = [
  { name: 'rbac', title: 'Your own roles', load: () => initialized(Promise.resolve(rbac)), cases: () => import('../../tests/cases/rbac/documented.json') },
  { name: 'antmedia', title: 'Ant Media Server', load: () => initialized(import('latchwork/antmedia/web')), cases: () => import('../../tests/cases/antmedia/documented.json') },
  { name: 'arangodb', title: 'ArangoDB', load: () => initialized(import('latchwork/arangodb/web')), cases: () => import('../../tests/cases/arangodb/documented.json') },
  { name: 'meuse', title: 'Meuse', load: () => initialized(import('latchwork/meuse/web')), cases: () => import('../../tests/cases/meuse/documented.json') },
  { name: 'tyk', title: 'Tyk Dashboard', load: () => initialized(import('latchwork/tyk/web')), cases: () => import('../../tests/cases/tyk/documented.json') },
  { name: 'wso2', title: 'WSO2 Carbon', load: () => initialized(import('latchwork/wso2/web')), cases: () => import('../../tests/cases/wso2/documented.json') },
]

/** @param {string} name */
export const modelOf = (name) => MODELS.find((model) => model.name === name)

/** @type {Map<string, Promise<ModelModule>>} */
const loading = new Map()

/** The module of a model, fetched once. @param {string} name @returns {Promise<ModelModule>} */
export function loadModel(name) {
  const model = modelOf(name)
  if (!model) return Promise.reject(new Error(`unknown model ${name}`))
  const promise = loading.get(name) ?? model.load()
  loading.set(name, promise)
  // After a failure, the next call tries again.
  promise.catch(() => loading.delete(name))
  return promise
}

/** All models with the questions of servers and tools: `diff`, `lint`, `holders`, `filter`, `parts`, `mutants`. */
export const loadServer = () => import('latchwork/server')
