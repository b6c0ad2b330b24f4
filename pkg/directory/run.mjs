// @ts-check
// One run of a task in the core. The core keeps what it has parsed between two executions, so that each message has only
// the facts that are new. If the core has lost the run, it gets all facts again: the result is the same.

import { forgetRun, nextRun, runTask } from './instance.mjs'
import { continueText, Facts, startText } from './wire-format.mjs'

export class Run {
  facts = new Facts()
  #system
  #task
  #environment
  #readAhead
  #number = nextRun()
  /** Whether the core waits for facts of this run. */
  #isKept = false

  /**
   * @param {string} system @param {string} task as JSON @param {string} environment from `environmentText`
   * @param {import('./read-ahead.mjs').ReadAhead} readAhead
   */
  constructor(system, task, environment, readAhead) {
    this.#readAhead = readAhead
    this.reads = readAhead.begin()
    this.#system = system
    this.#task = task
    this.#environment = environment
  }

  /** Executes the task on the facts known so far, and returns the core's result. */
  execute() {
    const outcome = this.#continue() ?? runTask(this.#system, startText(this.#number, this.#task, this.#environment, this.facts))
    this.facts.markSent()
    this.#isKept = outcome.asks.length > 0
    return outcome
  }

  /** Forgets what may no longer be true after the store changed. */
  forgetStore() {
    this.facts.forgetStore()
    this.reads = this.#readAhead.begin()
  }

  /** The result, unless the core needs all facts. */
  #continue() {
    if (!this.#isKept || this.facts.hasForgotten) return undefined
    const outcome = runTask(this.#system, continueText(this.#number, this.facts))
    return outcome.lost ? undefined : outcome
  }

  /** Makes the core drop what it keeps of a run that is not continued. */
  end() {
    if (this.#isKept) forgetRun(this.#system, this.#number)
  }
}
