// @ts-check
// Group commit: concurrent commits share one transaction of the database, and so one sync to the disk, which takes longer
// than all else.

import { nextTask } from '../core/next-task.mjs'

/** The most changes of one group, unless a single commit has more. */
const CHANGES_MAX = 1_000

/** How many turns of the event loop a group waits for further commits, as long as each turn brings some. */
const TURNS_MAX = 16

/** @typedef {import('./store.js').Change} Change */
/** A commit that waits. @typedef {{ changes: Change[], resolve: (isDone: boolean) => void, reject: (error: unknown) => void }} Waiting */

export class GroupCommit {
  #commitTogether
  /** @type {Waiting[]} */
  #waiting = []
  /** @type {Promise<void> | undefined} */
  #running

  /**
   * @param {(commits: Change[][]) => Promise<number | null>} commitTogether commits all changes in one transaction, or none
   *   and returns the index of a commit whose expectations fail
   */
  constructor(commitTogether) {
    this.#commitTogether = commitTogether
  }

  /** Commits changes; returns whether their expectations hold. @param {Change[]} changes @returns {Promise<boolean>} */
  commit(changes) {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ changes, resolve, reject })
      this.#running ??= this.#run()
    })
  }

  /** Resolves when no commit waits. */
  async settled() {
    await this.#running
  }

  async #run() {
    while (this.#waiting.length > 0) {
      for (let turn = 0, seen = 0; turn < TURNS_MAX && seen < this.#waiting.length; turn += 1) {
        seen = this.#waiting.length
        await nextTask()
      }
      await this.#commitGroup(this.#takeGroup())
    }
    this.#running = undefined
  }

  /** @param {Waiting[]} group */
  async #commitGroup(group) {
    try {
      while (group.length > 0) {
        const refused = await this.#commitTogether(group.map(({ changes }) => changes))
        if (refused === null) break
        group.splice(refused, 1)[0].resolve(false)
      }
      for (const { resolve } of group) resolve(true)
    } catch (error) {
      for (const { reject } of group) reject(error)
    }
  }

  /**
   * Takes commits that have the same result together as one after another: none has a key that an earlier one writes. The
   * others wait for a later group, in which their expectations are compared with what this one wrote.
   */
  #takeGroup() {
    const written = new Set()
    /** @type {Waiting[]} */
    const group = []
    /** @type {Waiting[]} */
    const later = []
    let count = 0
    for (const waiting of this.#waiting) {
      const { changes } = waiting
      const fits = group.length === 0 || count + changes.length <= CHANGES_MAX
      if (!fits || changes.some(({ key }) => written.has(key))) {
        later.push(waiting)
        continue
      }
      group.push(waiting)
      count += changes.length
      for (const { key, value } of changes) if (value !== undefined) written.add(key)
    }
    this.#waiting = later
    return group
  }
}
