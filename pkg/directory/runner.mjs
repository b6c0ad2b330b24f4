// @ts-check
// Runs the core's pure function: gives it what it asks for, commits what it changes, and on a conflict forgets
// what was read and runs it again. It knows no product.

import { LatchworkError } from '../core/error.mjs'
import { answer } from './instance.mjs'
import { bodySizeText, exportText, Facts, faultText, runText, worldText } from './wire-format.mjs'
import { KeyedTurns, Turns } from './queue.mjs'

/** Runs of one call until it has all it asked for. None needs as many. */
const ROUNDS_MAX = 100
/** Runs more for each count that others were faster than: what was forgotten is asked again. */
const ROUNDS_OF_CONFLICT = 10
/** Commits of one call that others were faster than. */
const ATTEMPTS_MAX = 100
/** So many conflicts, and a call waits for its turn among those of this directory that had as many. */
const POLITE_AFTER = 2
/** Random bytes of a run, as `ENTROPY` of the core. */
const ENTROPY = 256

/** @typedef {import('./store.mjs').GuardedStore} GuardedStore */
/** The turn of a call that tries a password. @typedef {{ isTaken: boolean, conflicts: number, end: () => void }} Turn */

export class Runner {
  #system
  #guards
  #store
  #passwords
  #claim
  #secret
  #now
  #random
  #storeTime
  #turns = new Turns()
  /** Attempts at one account, one after another: a right password is not refused because others are in flight. */
  #attempts = new KeyedTurns()

  /**
   * @param {object} parts
   * @param {string} parts.system
   * @param {string} parts.guards
   * @param {GuardedStore} parts.store
   * @param {import('./passwords.mjs').Passwords} parts.passwords
   * @param {(store: GuardedStore) => Promise<void>} parts.claim
   * @param {(store: GuardedStore) => Promise<Uint8Array>} parts.secret
   * @param {() => number} parts.now
   * @param {(length: number) => Uint8Array} parts.random
   * @param {number} parts.storeTime how long the store may take for all steps of a call, in milliseconds
   */
  constructor({ system, guards, store, passwords, claim, secret, now, random, storeTime }) {
    this.#system = system
    this.#guards = guards
    this.#store = store
    this.#passwords = passwords
    this.#claim = claim
    this.#secret = secret
    this.#now = now
    this.#random = random
    this.#storeTime = storeTime
  }

  /**
   * Runs a task to its end; what the core says of it.
   * @param {string} task as JSON
   */
  async run(task) {
    const store = this.#store.lasting(this.#storeTime)
    await this.#claim(store)
    const world = worldText(this.#guards, this.#now(), await this.#secret(store), this.#random(ENTROPY))
    const facts = new Facts()
    /** What was right, to be remembered if the call came to know by it who asks. @type {(() => void)[]} */
    const right = []
    let endTurn = () => {}
    /** @type {Turn} */
    const turn = { isTaken: false, conflicts: 0, end: () => {} }
    try {
      for (let attempt = 0; attempt < ATTEMPTS_MAX && store.left > 0; attempt += 1) {
        if (attempt === POLITE_AFTER) endTurn = await this.#turns.take(store.left)
        facts.forgetStore()
        const outcome = await this.#settle(task, world, facts, right, turn, store)
        const changes = outcome.changes.map(changeOf)
        if (await isCommitted(changes, store)) {
          if (outcome.actor !== null) for (const remember of right) remember()
          return outcome
        }
      }
    } finally {
      endTurn()
      turn.end()
    }
    throw conflict()
  }

  /**
   * How large a body the route of a call takes.
   * @param {string} call as JSON @returns {'body' | 'document' | 'upload'}
   */
  bodySize(call) {
    const { body_size: size, fault } = answer(this.#system, bodySizeText(call))
    if (fault !== null) throw new LatchworkError('internal', 'the core could not read the request')
    return size
  }

  /** What the core says of a fault. @param {string} word @param {string} path that was asked for */
  fault(word, path) {
    return answer(this.#system, faultText(word, path))
  }

  /**
   * The records of a whole store.
   * @param {import('../stores/store.js').Entry[]} entries
   */
  export(entries) {
    const { records } = answer(this.#system, exportText(entries))
    if (records === null) throw new LatchworkError('internal', 'the store holds something that no directory put there')
    return records
  }

  /**
   * Runs a task until it asks for nothing more.
   * @param {string} task @param {string} world @param {Facts} facts @param {(() => void)[]} right @param {Turn} turn @param {GuardedStore} store
   */
  async #settle(task, world, facts, right, turn, store) {
    for (let round = 0; round < ROUNDS_MAX + turn.conflicts * ROUNDS_OF_CONFLICT; round += 1) {
      const outcome = answer(this.#system, runText(task, world, facts))
      if (outcome.asks.length === 0) return outcome
      await this.#supply(outcome.asks, facts, right, turn, store)
    }
    throw new LatchworkError('internal', 'a call asked without end')
  }

  /** @param {any[]} asks @param {Facts} facts @param {(() => void)[]} right @param {Turn} turn @param {GuardedStore} store */
  async #supply(asks, facts, right, turn, store) {
    const lines = asks.filter(({ kind }) => kind === 'count').flatMap(({ lines }) => lines)
    if (lines.length > 0 && !(await this.#isCounted(lines, facts, turn, store))) return
    // What is asked for together is read together: in one state of the store.
    const keys = [...new Set(asks.filter(({ kind }) => kind === 'read').flatMap(({ keys }) => keys))]
    if (keys.length > 0) {
      const entries = await store.read(keys)
      keys.forEach((key, index) => facts.entry(key, entries[index]))
    }
    for (const ask of asks) {
      switch (ask.kind) {
        case 'count':
        case 'read':
          break
        case 'scan':
          facts.page(ask, await store.scan(ask.prefix, ask.after, ask.limit))
          break
        case 'verify':
          await this.#verify(ask, facts, right)
          break
        case 'hash':
          facts.hashed(ask.passwords, await this.#passwords.hash(ask.passwords))
          break
        default:
          throw new LatchworkError('internal', 'a call asked for what nobody has')
      }
    }
  }

  /**
   * Counts attempts before their passwords are checked: those at one account one after another, all of a call in one
   * commit. False if the store changed meanwhile, so that the call has to look again.
   * @param {any[]} lines @param {Facts} facts @param {Turn} turn @param {GuardedStore} store
   */
  async #isCounted(lines, facts, turn, store) {
    const keys = [...new Set(lines.map(({ key }) => key))]
    if (!turn.isTaken) {
      turn.isTaken = true
      const hasToWait = this.#attempts.areTaken(keys)
      turn.end = await this.#attempts.take(keys, () => store.left)
      // The attempts before it changed the counts, and the same password may be remembered by now.
      if (hasToWait) {
        facts.forgetStore()
        return false
      }
    }
    // Where two share a slot, the later takes the place.
    const changes = new Map(lines.map(({ key, expect, value }) => [key, changeOf({ key, expect, value })]))
    if (!(await store.commit([...changes.values()]))) {
      turn.conflicts += 1
      if (turn.conflicts >= ATTEMPTS_MAX) throw conflict()
      facts.forgetStore()
      return false
    }
    for (const line of lines) facts.count(line)
    const entries = await store.read(keys)
    keys.forEach((key, index) => facts.entry(key, entries[index]))
    return true
  }

  /** @param {any} ask @param {Facts} facts @param {(() => void)[]} right */
  async #verify(ask, facts, right) {
    const { found, remember } = await this.#passwords.verify(ask)
    facts.check(ask, found)
    if (remember) right.push(remember)
  }
}

/**
 * Whether all stands as it was expected, and is changed now. What changes nothing need not be written to be checked.
 * @param {import('../stores/store.js').Change[]} changes @param {GuardedStore} store
 */
async function isCommitted(changes, store) {
  if (changes.some(({ value }) => value !== undefined)) return store.commit(changes)
  if (changes.length === 0) return true
  const entries = await store.read(changes.map(({ key }) => key))
  return changes.every(({ expect }, index) => (entries[index]?.version ?? null) === expect)
}

const conflict = () => new LatchworkError('conflict', 'too many changes met the same records: try again')

/** A line of a commit, which has the members that the core gave it and no others. @param {any} line */
function changeOf(line) {
  return Object.assign(Object.create(null), line)
}
