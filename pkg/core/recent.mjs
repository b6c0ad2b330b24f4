// @ts-check
// The subjects that an authorizer was asked about by id recently: their handles are kept, so that the next question need not
// prepare them again.

/** After so many new ones, those that were not asked about in the meantime are freed. */
const GENERATION = 1024

export class RecentSubjects {
  /** @type {Map<string | null, number>} */
  #young = new Map()
  /** @type {Map<string | null, number>} */
  #old = new Map()
  /** The last id and its handle, until one is added or freed: most questions are about the same one. @type {string | null | undefined} */
  #lastId
  #lastHandle = 0
  #free

  /** @param {(handle: number) => void} free a handle */
  constructor(free) {
    this.#free = free
  }

  /** The handle, as a signed number; 0 if it is not kept. @param {string | null} id @returns {number} */
  get(id) {
    if (id !== this.#lastId) {
      this.#lastHandle = this.#young.get(id) ?? this.#renew(id)
      this.#lastId = id
    }
    return this.#lastHandle
  }

  /** @param {string | null} id @param {number} handle as a signed number */
  add(id, handle) {
    this.#lastId = undefined
    this.#young.set(id, handle)
    if (this.#young.size < GENERATION) return
    const old = this.#old
    this.#old = this.#young
    this.#young = new Map()
    old.forEach(this.#free)
  }

  /** Frees all handles; whether there were any. */
  clear() {
    const handles = [...this.#young.values(), ...this.#old.values()]
    this.#lastId = undefined
    this.#young = new Map()
    this.#old = new Map()
    handles.forEach(this.#free)
    return handles.length > 0
  }

  /** The handle of an older one, which counts as new from now on. @param {string | null} id */
  #renew(id) {
    const handle = this.#old.get(id)
    if (handle === undefined) return 0
    this.#old.delete(id)
    this.add(id, handle)
    return handle
  }
}
