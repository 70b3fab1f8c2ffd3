// Starts PostgreSQL, Redis, Bluesky and a Mastodon-API server on free loopback ports and stops them together.
// `up` beside this file installs what they need and calls this; README.md tells what is printed.
// Each server is a child that the kernel ends when this process dies, however it dies. When one of them ends by itself,
// the rest is stopped and the exit status is 1.
import { spawn, execFileSync } from 'node:child_process'
import fs from 'node:fs'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'
import readline from 'node:readline'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const READY_WITHIN_MS = 180_000
const here = path.dirname(fileURLToPath(import.meta.url))
const { values: options } = parseArgs({ options: { json: { type: 'string' } } })
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'belfry-counterparts-'))
const running = [] // in the order they were started; stopped in the opposite one
let stopping = false

for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => stop(0))

try {
  const ports = await freePorts(6)
  const mastodon = startMastodon(ports[0])
  const [database, redis] = await Promise.all([startPostgres(ports[1]), startRedis(ports[2])])
  const bluesky = startBluesky({ plc: ports[3], pds: ports[4], appview: ports[5], database, redis })
  const addresses = JSON.stringify({ mastodon: await mastodon, bluesky: await bluesky })
  if (options.json) {
    fs.writeFileSync(`${options.json}.partial`, addresses + '\n')
    fs.renameSync(`${options.json}.partial`, options.json) // whoever waits for the file finds it whole
  }
  console.log(addresses)
} catch (error) {
  if (!stopping) {
    console.error(`The counterpart servers did not start: ${error.message}`)
    await stop(1)
  }
}

async function startMastodon(port) {
  const accounts = path.join(here, 'mastodon', 'accounts.toml')
  const program = [process.env.MASTODON_PYTHON, '-m', 'mastodon_mock.cli', 'serve', '--in-memory']
  await start('mastodon', [...program, '--config', accounts, '--host', '127.0.0.1', '--port', String(port)], {
    ready: (line) => line.includes('Application startup complete') || line.includes('Uvicorn running on'),
  })
  return {
    url: `http://127.0.0.1:${port}`,
    token: 'ada-token',
    accounts: ['ada', 'ben'].map((username) => ({ username, token: `${username}-token` })),
  }
}

// PostgreSQL refuses to run as root, so then it gets the account that Debian's package made for it.
async function startPostgres(port) {
  const bin = newest('/usr/lib/postgresql')
  const home = path.join(folder, 'postgres')
  fs.mkdirSync(home)
  let as = []
  if (process.getuid() === 0) {
    const [uid, gid] = ['-u', '-g'].map((flag) => Number(execFileSync('id', [flag, 'postgres'])))
    fs.chmodSync(folder, 0o711)
    fs.chownSync(home, uid, gid)
    as = ['--reuid', String(uid), '--regid', String(gid), '--clear-groups']
  }
  const data = path.join(home, 'data')
  const init = ['--pgdata', data, '--username', 'belfry', '--auth', 'trust', '--encoding', 'UTF8', '--locale', 'C', '--no-sync']
  await start('initdb', [path.join(bin, 'initdb'), ...init], { as, until: 'end' })
  const settings = {
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: home,
    fsync: 'off',
    full_page_writes: 'off',
    synchronous_commit: 'off',
    shared_buffers: '32MB',
  }
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  await start('postgres', [path.join(bin, 'postgres'), '-D', data, ...flags], {
    as,
    stopWith: 'SIGINT', // at once, without waiting for clients to leave
    ready: (line) => line.includes('ready to accept connections'),
  })
  return `postgres://belfry@127.0.0.1:${port}/postgres`
}

async function startRedis(port) {
  const flags = { bind: '127.0.0.1', port, save: '', appendonly: 'no', dir: folder }
  const args = Object.entries(flags).flatMap(([name, value]) => [`--${name}`, String(value)])
  await start('redis', ['redis-server', ...args], { ready: (line) => line.includes('Ready to accept connections') })
  return `127.0.0.1:${port}`
}

async function startBluesky({ plc, pds, appview, database, redis }) {
  const answer = await start('bluesky', [process.execPath, path.join(here, 'bluesky', 'start.mjs')], {
    env: {
      PLC_PORT: plc,
      PDS_PORT: pds,
      APPVIEW_PORT: appview,
      DATABASE_URL: database,
      REDIS: redis,
      ACCOUNTS: 'ada,ben',
    },
    ready: (line) => line.startsWith('{"pds":'),
  })
  return JSON.parse(answer)
}

// Starts a program and resolves with the line that says it is ready (or, with `until: 'end'`, once it has ended well).
// Its last lines are kept, and told when it fails.
function start(name, [program, ...args], { as = [], env = {}, ready, until = 'ready', stopWith = 'SIGTERM' }) {
  const words = Object.fromEntries(Object.entries(env).map(([key, value]) => [key, String(value)]))
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', ...as, '--', program, ...args], {
    cwd: folder,
    env: { ...process.env, TMPDIR: folder, ...words }, // what they put aside goes with the folder
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true, // a Ctrl-C at the terminal reaches this process alone, which then stops them in order
  })
  const last = []
  const ended = new Promise((resolve) => child.once('close', (code, signal) => resolve(signal ?? code)))
  if (until === 'ready') running.push({ name, child, ended, stopWith })
  return new Promise((resolve, reject) => {
    const late = AbortSignal.timeout(READY_WITHIN_MS)
    const refuse = (what) => reject(new Error(`${name} ${what}\n${last.join('\n')}`))
    late.addEventListener('abort', () => refuse(`was not ready within ${READY_WITHIN_MS / 1000} s`))
    child.once('error', (error) => refuse(error.message))
    for (const stream of [child.stdout, child.stderr]) {
      readline.createInterface({ input: stream }).on('line', (line) => {
        last.push(line)
        if (last.length > 40) last.shift()
        if (ready?.(line)) resolve(line)
      })
    }
    ended.then((how) => {
      if (until === 'end' && how === 0) return resolve()
      refuse(`ended with ${how}`)
      if (until === 'ready' && !stopping) {
        console.error(`${name} ended by itself with ${how}; stopping the others.\n${last.join('\n')}`)
        stop(1)
      }
    })
  })
}

async function stop(status) {
  if (stopping) return
  stopping = true
  for (const { child, ended, stopWith } of running.reverse()) {
    if (child.exitCode !== null || child.signalCode !== null) continue
    child.kill(stopWith)
    AbortSignal.timeout(10_000).addEventListener('abort', () => child.kill('SIGKILL'))
    await ended
  }
  fs.rmSync(folder, { recursive: true, force: true })
  if (options.json) fs.rmSync(options.json, { force: true })
  process.exit(status)
}

async function freePorts(count) {
  const servers = Array.from({ length: count }, () => net.createServer().listen(0, '127.0.0.1'))
  await Promise.all(servers.map((server) => new Promise((resolve) => server.once('listening', resolve))))
  const ports = servers.map((server) => server.address().port)
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))))
  return ports
}

function newest(under) {
  const versions = fs.readdirSync(under).filter((name) => fs.existsSync(path.join(under, name, 'bin', 'postgres')))
  if (versions.length === 0) throw new Error(`no PostgreSQL in ${under}`)
  return path.join(under, versions.sort((a, b) => Number(b) - Number(a))[0], 'bin')
}
