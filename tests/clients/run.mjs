// @ts-check
// Runs a program until it ends or a time has passed, and collects its output.

import { spawn } from 'node:child_process'

/**
 * @param {string} program
 * @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, patience?: number }} [options] patience in milliseconds
 * @returns {Promise<{ code: number | null, output: string }>} both streams, in the order of arrival; `code` is null if the program was killed
 */
export function run(program, args, { cwd, env = {}, patience = 60_000 } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'], timeout: patience, killSignal: 'SIGKILL' })
    let output = ''
    child.stdout.setEncoding('utf8').on('data', (text) => (output += text))
    child.stderr.setEncoding('utf8').on('data', (text) => (output += text))
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, output }))
  })
}
