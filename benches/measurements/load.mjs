// @ts-check
// Import, open and the first answer, in microseconds of the processor, once in a fresh process.
// load.mjs MODEL [PEER]

const start = process.cpuUsage()
const [model, name] = process.argv.slice(2)
const { documentOf, openerOf, workload } = await import('../document.mjs')
const work = await workload(model)
const document = documentOf(work, 1)
const records = document.records()
const path = new URL(`../peers/${name}.mjs`, import.meta.url).href

const begin = process.cpuUsage(start)
let allowed
if (name) {
  const { open } = await import(path)
  const { prepare, ask } = await open(document)
  allowed = ask(prepare(document.users[0]), document.names[1])
} else {
  allowed = (await openerOf(model))(records).subject(document.users[0]).can(work.action, document.names[1])
}
const end = process.cpuUsage(start)
if (allowed !== true) throw new Error('the first answer is wrong')
console.log(JSON.stringify({ took: end.user + end.system - begin.user - begin.system }))
