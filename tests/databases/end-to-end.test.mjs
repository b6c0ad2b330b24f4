// @ts-check
// From a random document to the rows of PostgreSQL: a row is kept exactly if `can` is true for it.

import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { sql } from 'latchwork/filter/sql'
import { open } from 'latchwork/rbac/server'
import { ACTIONS, OPTIONS, allows, attributesOf, randomDocument } from '../js/support/filter/random-documents.mjs'
import { Random } from '../js/support/filter/random-filters.mjs'
import { COLLATION, fill, randomTable } from './postgres-table.mjs'
import { startPostgres } from './server.mjs'

const DOCUMENTS = 20 * Number(process.env.LATCHWORK_PROOFS ?? 1)
const ROWS = 100

const { client, stop } = await startPostgres()
after(stop)

test(`${DOCUMENTS} random documents: a row is kept by PostgreSQL exactly if can is true for it`, async () => {
  await client.query(COLLATION)
  let kept = 0
  let asked = 0
  for (let seed = 1; seed <= DOCUMENTS; seed += 1) {
    const random = new Random(seed)
    const { statement, mapping, columns } = randomTable(random)
    await client.query('DROP TABLE IF EXISTS t')
    await client.query(statement)
    const rows = (await fill(client, random, columns, ROWS)).map((row) => ({ row, attributes: attributesOf(mapping, row) }))
    const document = randomDocument(random)
    const app = open(/** @type {any} */ (document))
    for (const who of ['ann', null]) {
      const subject = app.subject(who)
      for (const action of ACTIONS) {
        const filter = /** @type {any} */ (subject).filter(action, 'doc', OPTIONS)
        const { text, params } = sql(filter, { dialect: 'postgres', columns: mapping })
        const found = (await client.query(`SELECT row FROM t WHERE ${text} ORDER BY row`, params)).rows.map(({ row }) => row)
        const expected = rows.filter(({ row, attributes }) => allows(subject, action, row, attributes)).map(({ row }) => row.row)
        assert.deepEqual(found, expected, `seed ${seed}: ${action} ${JSON.stringify(document)} ${JSON.stringify(filter)} ${text}`)
        kept += expected.length
        asked += rows.length
      }
    }
    app.dispose()
  }
  assert.ok(kept > asked * 0.02 && kept < asked * 0.6, `${kept} of ${asked}`)
})
