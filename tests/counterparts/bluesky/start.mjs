// A whole small Bluesky on loopback: PLC directory, personal data server (PDS) and app view, the reference programs.
//
//   PLC_PORT, PDS_PORT, APPVIEW_PORT   where they listen, on 127.0.0.1 only
//   DATABASE_URL, REDIS                 what the app view keeps its index in; both empty at the start
//   ACCOUNTS                            names to sign up, by commas; each has the password <name>-password
//
// Prints one line of JSON when all three answer, and ends on TERM or INT. Whoever starts it removes TMPDIR afterwards.
import net from 'node:net'
import { createRequire } from 'node:module'

listenOnLoopbackOnly()
process.env.LOG_ENABLED ??= 'false'
process.env.NODE_ENV ??= 'development'

const { TestPlc, TestPds, TestBsky, mockNetworkUtilities } = createRequire(import.meta.url)('@atproto/dev-env')
const pdsPort = portFrom('PDS_PORT')

const plc = await TestPlc.create({ port: portFrom('PLC_PORT') })
const appview = await TestBsky.create({
  port: portFrom('APPVIEW_PORT'),
  plcUrl: plc.url,
  pdsPort,
  repoProvider: `ws://localhost:${pdsPort}`,
  dbPostgresUrl: setting('DATABASE_URL'),
  dbPostgresSchema: 'appview',
  redisHost: setting('REDIS'),
})
const pds = await TestPds.create({
  port: pdsPort,
  hostname: 'localhost',
  didPlcUrl: plc.url,
  bskyAppViewUrl: appview.url,
  bskyAppViewDid: appview.serverDid,
  enableDidDocWithSession: true,
})
mockNetworkUtilities(pds, appview) // a handle under .test is looked up at the PDS, since no name server knows it

for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, stop)

const accounts = []
for (const name of setting('ACCOUNTS').split(',')) accounts.push(await signUp(name))
console.log(JSON.stringify({ pds: pds.url, plc: plc.url, appview: appview.url, accounts }))

async function signUp(name) {
  const account = { handle: `${name}.test`, email: `${name}@example.test`, password: `${name}-password` }
  const answer = await fetch(`${pds.url}/xrpc/com.atproto.server.createAccount`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(account),
  })
  if (!answer.ok) throw new Error(`could not sign up ${account.handle}: ${answer.status} ${await answer.text()}`)
  const { did } = await answer.json()
  return { handle: account.handle, did, password: account.password }
}

async function stop() {
  for (const server of [appview, pds, plc]) await server.close()
  process.exit(0)
}

function setting(name) {
  const value = process.env[name]
  if (!value) throw new Error(`${name} is not set`)
  return value
}

function portFrom(name) {
  return Number(setting(name))
}

// None of the three takes an address to listen on; each would open its port to the whole network.
function listenOnLoopbackOnly() {
  const listen = net.Server.prototype.listen
  net.Server.prototype.listen = function (...given) {
    const args = net._normalizeArgs?.(given) ?? given
    const [options, ready] = args
    if (typeof options !== 'object' || options === null || options.path || options.fd !== undefined || options.port === undefined) {
      return listen.apply(this, given)
    }
    return listen.call(this, { ...options, host: '127.0.0.1' }, ready ?? undefined)
  }
}
