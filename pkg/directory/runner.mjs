// @ts-check
// Drives the core's sans-I/O handler: loads the facts that it requests, commits its changes, and re-executes it after a
// conflict. It contains no code for a single product.

import { LatchworkError } from '../core/error.mjs'
import { runTask } from './instance.mjs'
import { bodySizeText, exportText, faultText, environmentText } from './wire-format.mjs'
import { KeyedQueues, Queue } from './queue.mjs'
import { ReadAhead } from './read-ahead.mjs'
import { Run } from './run.mjs'

/** Rounds of one call in which it may request facts. No call needs as many. */
const ROUNDS_MAX = 100
/** Further rounds for each conflict when attempts are counted: dropped facts are requested again. */
const ROUNDS_OF_CONFLICT = 10
/** Conflicts after which a call fails. */
const ATTEMPTS_MAX = 100
/** After so many conflicts, a call enters the queue of the calls that had as many. */
const QUEUE_AFTER = 2
/** Random bytes for one call; equals `ENTROPY` of the core. */
const ENTROPY = 256

/** @typedef {import('./store.mjs').GuardedStore} GuardedStore */
/** The state of a call in the queues of its password attempts. @typedef {{ isEntered: boolean, conflicts: number, leave: () => void }} Queueing */

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
  #readAhead = new ReadAhead()
  #conflictQueue = new Queue()
  /** Attempts for one account run one after another, so that concurrent attempts do not refuse a correct password. */
  #attemptQueues = new KeyedQueues()

  /**
   * @param {object} options
   * @param {string} options.system
   * @param {string} options.guards
   * @param {GuardedStore} options.store
   * @param {import('./passwords.mjs').Passwords} options.passwords
   * @param {(store: GuardedStore) => Promise<void>} options.claim
   * @param {(store: GuardedStore) => Promise<Uint8Array>} options.secret
   * @param {() => number} options.now
   * @param {(length: number) => Uint8Array} options.random
   * @param {number} options.storeTime how long the store may take for all steps of a call, in milliseconds
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
   * Runs a task, commits its changes, and returns the core's result.
   * @param {string} task as JSON
   */
  async run(task) {
    const store = this.#store.withDeadline(this.#storeTime)
    await this.#claim(store)
    const environment = environmentText(this.#guards, this.#now(), await this.#secret(store), this.#random(ENTROPY))
    const run = new Run(this.#system, task, environment, this.#readAhead)
    /** Remembers the verified passwords; called if the request was authenticated. @type {(() => void)[]} */
    const verified = []
    let leaveQueue = () => {}
    /** @type {Queueing} */
    const queueing = { isEntered: false, conflicts: 0, leave: () => {} }
    try {
      for (let attempt = 0; attempt < ATTEMPTS_MAX && store.timeLeft > 0; attempt += 1) {
        if (attempt === QUEUE_AFTER) leaveQueue = await this.#conflictQueue.enter(store.timeLeft)
        run.forgetStore()
        const outcome = await this.#runToEnd(run, verified, queueing, store)
        const changes = outcome.changes.map(ownChange)
        if (await commitIfUnchanged(changes, store)) {
          if (outcome.actor !== null) for (const remember of verified) remember()
          return outcome
        }
      }
    } finally {
      run.end()
      leaveQueue()
      queueing.leave()
    }
    throw conflict()
  }

  /**
   * The size limit that applies to the body of a call, by its route.
   * @param {string} call as JSON @returns {'body' | 'document' | 'upload'}
   */
  bodySize(call) {
    const { body_size: size, fault } = runTask(this.#system, bodySizeText(call))
    if (fault !== null) throw new LatchworkError('internal', 'the core could not parse the request')
    return size
  }

  /** The product's response for a fault. @param {string} word @param {string} path of the request */
  fault(word, path) {
    return runTask(this.#system, faultText(word, path))
  }

  /**
   * Exports the records of a store.
   * @param {import('../stores/store.js').Entry[]} entries
   */
  export(entries) {
    const { records } = runTask(this.#system, exportText(entries))
    if (records === null) throw new LatchworkError('internal', 'the store has an entry that no directory wrote')
    return records
  }

  /**
   * Runs a task until it requests no more facts.
   * @param {Run} run @param {(() => void)[]} verified @param {Queueing} queueing @param {GuardedStore} store
   */
  async #runToEnd(run, verified, queueing, store) {
    for (let round = 0; round < ROUNDS_MAX + queueing.conflicts * ROUNDS_OF_CONFLICT; round += 1) {
      const outcome = run.execute()
      if (outcome.asks.length === 0) return outcome
      await this.#loadFacts(outcome, run, verified, queueing, store)
    }
    throw new LatchworkError('internal', 'the handler did not finish within the allowed rounds')
  }

  /** @param {{ asks: any[], actor: string | null }} outcome @param {Run} run @param {(() => void)[]} verified @param {Queueing} queueing @param {GuardedStore} store */
  async #loadFacts({ asks: requests, actor }, run, verified, queueing, store) {
    const { facts } = run
    const lines = requests.filter(({ kind }) => kind === 'count').flatMap(({ lines }) => lines)
    if (lines.length > 0 && !(await this.#countAttempts(lines, run, queueing, store))) return
    const keys = [...new Set(requests.filter(({ kind }) => kind === 'read').flatMap(({ keys }) => keys))]
    if (keys.length > 0) {
      const entries = await run.reads.readEntries(keys, actor !== null, store)
      keys.forEach((key, index) => facts.addEntry(key, entries[index]))
    }
    for (const request of requests) {
      switch (request.kind) {
        case 'count':
        case 'read':
          break
        case 'scan':
          facts.addPage(request, await store.scan(request.prefix, request.after, request.limit))
          break
        case 'verify':
          await this.#verify(request, run, verified)
          break
        case 'hash':
          facts.addHashes(request.passwords, await this.#passwords.hash(request.passwords))
          run.reads.forget()
          break
        default:
          throw new LatchworkError('internal', 'the handler requested an unknown kind of fact')
      }
    }
  }

  /**
   * Counts attempts before their passwords are verified, all attempts of a call in one commit. Attempts for one account run
   * one after another. Returns false if the store changed meanwhile, so that the call must be re-executed.
   * @param {any[]} lines @param {Run} run @param {Queueing} queueing @param {GuardedStore} store
   */
  async #countAttempts(lines, run, queueing, store) {
    const keys = [...new Set(lines.map(({ key }) => key))]
    if (!queueing.isEntered) {
      queueing.isEntered = true
      const hasToWait = this.#attemptQueues.areBusy(keys)
      queueing.leave = await this.#attemptQueues.enter(keys, () => store.timeLeft)
      // Earlier attempts changed the counts, and the same password may be remembered by now.
      if (hasToWait) {
        run.forgetStore()
        return false
      }
    }
    // If two attempts share a slot, the later one wins.
    const changes = new Map(lines.map(({ key, expect, value }) => [key, ownChange({ key, expect, value })]))
    if (!(await store.commit([...changes.values()]))) {
      queueing.conflicts += 1
      if (queueing.conflicts >= ATTEMPTS_MAX) throw conflict()
      run.forgetStore()
      return false
    }
    run.reads.forget()
    for (const line of lines) run.facts.addCount(line)
    const entries = await store.read(keys)
    keys.forEach((key, index) => run.facts.addEntry(key, entries[index]))
    return true
  }

  /** @param {any} request @param {Run} run @param {(() => void)[]} verified */
  async #verify(request, run, verified) {
    const { verdict, remember } = await this.#passwords.verify(request)
    run.facts.addCheck(request, verdict)
    // Hashing takes long: who may sign in is read after it, as if nothing were read ahead.
    if (verdict !== 'recalled' && verdict !== 'forgotten') run.reads.forget()
    if (remember) verified.push(remember)
  }
}

/**
 * Commits the changes if no expected version changed; returns whether it did. A commit that only checks versions does a
 * read instead of a write.
 * @param {import('../stores/store.js').Change[]} changes @param {GuardedStore} store
 */
async function commitIfUnchanged(changes, store) {
  if (changes.some(({ value }) => value !== undefined)) return store.commit(changes)
  if (changes.length === 0) return true
  const entries = await store.read(changes.map(({ key }) => key))
  return changes.every(({ expect }, index) => (entries[index]?.version ?? null) === expect)
}

const conflict = () => new LatchworkError('conflict', 'too many concurrent changes of the same records: try again')

/** A change with only the members that the core set, without a prototype. @param {any} line */
function ownChange(line) {
  return Object.assign(Object.create(null), line)
}
