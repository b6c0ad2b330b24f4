// @ts-check
// The models of the page as a module, `virtual:models`, from the one list of models. Each model is a module of its own,
// which is fetched when it is first opened. Only the script of the model that is open by default is a part of the page.

import { fileURLToPath } from 'node:url'
import { MODELS, described } from '../../scripts/models.mjs'

/** The module of models, for Vite. @returns {import('vite').Plugin} */
export function models() {
  return {
    name: 'models',
    resolveId: (id) => (id === 'virtual:models' ? '\0virtual:models' : undefined),
    load: (id) => (id === '\0virtual:models' ? modelsModule() : undefined),
  }
}

function modelsModule() {
  const [first] = MODELS
  const entries = MODELS.map((model) => {
    const cases = fileURLToPath(new URL(`../../tests/cases/${model}/documented.json`, import.meta.url))
    return `{
      name: '${model}',
      title: ${JSON.stringify(described(model).title)},
      load: async () => ${model === first ? 'first' : `import('latchwork/${model}/web')`},
      cases: () => import(${JSON.stringify(cases)}),
      schema: () => import('latchwork/schemas/${model}.json'),
      moduleUrl: async () => (await import('latchwork/${model}.wasm?url')).default,
    }`
  })
  return `import * as first from 'latchwork/${first}/web'\nexport const MODELS = [${entries.join(', ')}]`
}
