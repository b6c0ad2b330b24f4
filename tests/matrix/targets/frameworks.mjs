// @ts-check
// Components of React and Vue with a subject in their state, which frameworks copy, compare and wrap in a Proxy.

import { page, shows } from '../page.mjs'
import { sampleFor, fileOf } from '../program.mjs'
import { built } from '../vite.mjs'

/** @param {import('../program.mjs').Subpath} subpath */
function begin(subpath) {
  const { words, given, asked } = sampleFor(subpath)
  const { subject, action, resource, attributes } = asked.find(({ expected }) => expected.allow) ?? asked[0]
  // In a list, JSON writes what is undefined as null.
  const question = JSON.stringify(attributes === undefined ? [action, resource] : [action, resource, attributes])
  return `import { open } from '${subpath.specifier}'
const app = open(...${JSON.stringify([...words, given])})
const ask = (who) => [who.can(...${question}), who.explain(...${question}).allow, who.decide(...${question}).allow].join()
const make = () => app.subject(${JSON.stringify(subject)})
const anonymous = () => app.subject(null)
const root = document.body.appendChild(document.createElement('main'))
const settled = async () => {
  const shown = []
  for (let turn = 0; turn < 100 && shown.length < 2; turn += 1) {
    await new Promise((resolve) => setTimeout(resolve, 20))
    if (root.textContent !== '' && root.textContent !== shown.at(-1)) shown.push(root.textContent)
  }
  if (shown.join(' ') !== 'false,false,false true,true,true') throw new Error('shown: ' + shown.join(' '))
}
`
}

const REACT = `import { StrictMode, createElement, useEffect, useMemo, useState } from 'react'
import { createRoot } from 'react-dom/client'
function Component() {
  const [who, setWho] = useState(anonymous)
  const answers = useMemo(() => ask(who), [who])
  useEffect(() => {
    const timer = setTimeout(() => setWho(make()), 200)
    return () => clearTimeout(timer)
  }, [])
  return createElement('p', null, answers)
}
createRoot(root).render(createElement(StrictMode, null, createElement(Component)))
`

const VUE = `import { computed, createApp, h, reactive, ref } from 'vue'
const state = reactive({ who: anonymous() })
const held = ref(state.who)
createApp({
  setup() {
    const answers = computed(() => ask(state.who))
    setTimeout(() => { held.value = make(); state.who = held.value }, 200)
    return () => h('p', answers.value)
  },
}).mount(root)
`

/** @type {import('../run.mjs').Target[]} */
export default Object.entries({ React: REACT, Vue: VUE }).map(([name, component]) => ({
  group: 'bundlers',
  name: `${name} component, Chromium`,
  covers: ({ kind }) => kind === 'model',
  async run({ folder, subpaths, attempt }) {
    for (const subpath of subpaths) {
      const [imports, rest] = [begin(subpath), component]
      await attempt(subpath, () => built(folder, page(folder, `${name}/${fileOf(subpath)}`, '', undefined, `${imports}${rest}${shows('settled()')}`)))
    }
  },
}))
