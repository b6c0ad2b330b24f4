// @ts-check
// Counts the steps that a module of WebAssembly takes: each call of a function and each turn of a loop is one. The number is
// the same in every run, on every machine.

import { readFileSync } from 'node:fs'
import binaryen from 'binaryen'
import glue from '../../../pkg/core/glue.mjs'

const { MutableGlobals, NontrappingFPToInt, BulkMemory, BulkMemoryOpt, SignExt, ReferenceTypes, Multivalue, CallIndirectOverlong, SIMD128 } = binaryen.Features

/** Counts steps, and how often a memory grows meanwhile. */
export class Counter {
  steps = 0
  growths = 0
  /** @type {WebAssembly.Memory | undefined} */
  #memory
  #size = 0

  /** @param {WebAssembly.Instance} instance whose memory may grow from now on */
  watch({ exports }) {
    this.#memory = /** @type {WebAssembly.Memory} */ (exports.memory)
    this.#size = this.#memory.buffer.byteLength
  }

  countStep = () => {
    this.steps += 1
    // Reading the size takes longer than a step, and the allocator takes many steps before it grows the memory again.
    if (this.steps % 16 !== 0 || !this.#memory || this.#memory.buffer.byteLength === this.#size) return
    this.#size = this.#memory.buffer.byteLength
    this.growths += 1
  }

  /** What is counted during an act. @template T @param {() => T} act */
  during(act) {
    this.#reset()
    const value = act()
    return { steps: this.steps, growths: this.growths, value }
  }

  /** What is counted until a promise is settled. @template T @param {() => Promise<T>} act */
  async duringPromise(act) {
    this.#reset()
    const value = await act()
    return { steps: this.steps, growths: this.growths, value }
  }

  #reset() {
    this.steps = 0
    this.growths = 0
  }
}

const counter = new Counter()
const imports = { env: { log_execution: counter.countStep } }

/** A module that counts its steps: it imports the counter. @param {string} name */
export function countingModule(name) {
  const module = binaryen.readBinary(readFileSync(new URL(`../../../pkg/wasm/${name}.wasm`, import.meta.url)))
  // Node 20 does not load the output with all features.
  module.setFeatures(MutableGlobals | NontrappingFPToInt | BulkMemory | BulkMemoryOpt | SignExt | ReferenceTypes | Multivalue | CallIndirectOverlong | SIMD128)
  module.runPasses(['log-execution'])
  const compiled = new WebAssembly.Module(/** @type {Uint8Array<ArrayBuffer>} */ (module.emitBinary()))
  module.dispose()
  return compiled
}

/** A counted module of one model: its glue. @param {string} model */
function counted(model) {
  const compiled = countingModule(model)
  const { Instance } = WebAssembly
  try {
    WebAssembly.Instance = /** @type {any} */ (function (/** @type {WebAssembly.Module} */ module) {
      const started = new Instance(module, imports)
      counter.watch(started)
      return started
    })
    return glue(compiled, TextDecoder)
  } finally {
    WebAssembly.Instance = Instance
  }
}

/** @type {Map<string, ReturnType<typeof glue>>} */
const modules = new Map()

/** How often the memory grows while a new instance opens records. @param {string} model @param {unknown} records */
export function growthsToOpen(model, records) {
  const calls = counted(model)
  return counter.during(() => calls.open(model, new TextEncoder().encode(JSON.stringify(records)))).growths
}

/**
 * The steps of one question: to open the records, to prepare the subject, and to decide by the fixed export for names.
 * @param {string} model
 * @param {{ records: unknown, user: string, action: string, resource: string }} question
 */
export function stepsOf(model, { records, user, action, resource }) {
  const calls = modules.get(model) ?? counted(model)
  modules.set(model, calls)
  const { exports } = calls
  const opened = counter.during(() => calls.open(model, new TextEncoder().encode(JSON.stringify(records))))
  const [actions] = calls.vocabularyOf(opened.value)
  const prepared = counter.during(() => calls.subject(opened.value, user))
  const { written } = new TextEncoder().encodeInto(resource, new Uint8Array(exports.memory.buffer, exports.scratch()))
  const decided = counter.during(() => exports.can(prepared.value, actions.indexOf(action), written))
  exports.close_authorizer(opened.value)
  return { open: opened.steps, prepare: prepared.steps, decide: decided.steps, packed: decided.value }
}
