// @ts-check
// Bytes of one subject that was asked a question about each name. JavaScript: what the heap holds more for 20,000 of them.
// Wasm: what the memory grows by from 20,000 to 40,000 of them, so many that its pages count for three bytes at most.
// node --expose-gc memory.mjs MODEL [PEER]

const SUBJECTS = 20_000

/** @type {WebAssembly.Instance[]} */
const instances = []
const { Instance } = WebAssembly
WebAssembly.Instance = new Proxy(Instance, {
  construct(target, words) {
    const instance = Reflect.construct(target, words)
    instances.push(instance)
    return instance
  },
})

const { documentOf, openerOf, workload } = await import('../document.mjs')

const [model, name] = process.argv.slice(2)
const gc = /** @type {() => void} */ (globalThis.gc)
const work = await workload(model)

/** Bytes of the JavaScript heap for one thing, once for the code and once for the figure. @param {() => unknown} make @param {number} count */
function heap(make, count) {
  let bytes = 0
  for (const number of [100, count]) {
    const kept = new Array(number).fill(null)
    gc()
    gc()
    const before = process.memoryUsage().heapUsed
    for (let index = 0; index < number; index += 1) kept[index] = make()
    gc()
    gc()
    bytes = (process.memoryUsage().heapUsed - before) / number
    if (kept.at(-1) === null) throw new Error('nothing was kept')
  }
  return bytes
}

const { GRANTS } = await import('../document.mjs')
const what = Uint32Array.from({ length: GRANTS }, (_, index) => index)
const who = new Uint32Array(GRANTS)

if (name) {
  const { peer } = await import('../peers.mjs')
  const { fresh, asked, loop } = await peer(name)
  const document = documentOf(work, 1)
  const texts = asked?.(document.names) ?? document.names
  const make = () => {
    const subject = /** @type {any} */ (fresh)(document)
    loop([subject], who, texts, what)
    return subject
  }
  console.log(JSON.stringify({ heap: heap(make, 4_000) }))
} else {
  const { canLoop } = await import('../latchwork.mjs')
  const document = documentOf(work, 100)
  const authorizer = (await openerOf(model))(document.records())
  let next = 0
  const make = () => {
    const subject = authorizer.subject(document.users[(next += 1) % 100])
    canLoop([subject], who, work.action, document.names, what)
    return subject
  }
  make()
  const memories = instances.map(({ exports }) => exports.memory).filter((memory) => memory instanceof WebAssembly.Memory)
  const size = () => memories.reduce((sum, memory) => sum + memory.buffer.byteLength, 0)
  if (size() === 0) throw new Error('no instance was seen')
  const kept = Array.from({ length: SUBJECTS }, make)
  const before = size()
  const more = Array.from({ length: SUBJECTS }, make)
  const wasm = (size() - before) / SUBJECTS
  for (const subject of [...kept, ...more]) subject.dispose()
  kept.length = more.length = 0
  console.log(JSON.stringify({ heap: heap(make, SUBJECTS), wasm }))
}
