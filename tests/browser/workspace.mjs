// A workspace as a person meets it: made over the same forms as theirs, without drawing a page. `setUp` leaves it empty;
// `fill` gives it posts in every state, conversations, figures, pictures and people, with the longest words and names
// that there are, and a text that runs from right to left.
//
// The practice network stands for all others: each channel is an account there that can be told how to go wrong.
import assert from 'node:assert/strict'
import fs from 'node:fs'

import { order } from './harness.mjs'

export const PASSWORD = 'a long quiet evening'
// 40 characters, as long as a name gets in earnest.
export const NAME = 'Nachbarschaftshilfe Donauuferpromenade e'
const LONG = 'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft'
const HANDLE = 'freiwilligenkoordinationsstelle-nordwest'
export const ARABIC = 'نفتح أبوابنا يوم السبت في الساعة التاسعة صباحا، أحضروا معكم حقيبة وصديقا'
const picture = (name) => fs.readFileSync(new URL(`../fixtures/media/${name}`, import.meta.url))

// Sends what forms send, with the cookies of a browser context and the token of the page last seen.
export function hands(context, origin) {
  let csrf = ''
  const take = async (answer) => {
    const text = await answer.text()
    csrf = text.match(/name="csrf-token" content="([^"]+)"/)?.[1] ?? csrf
    return { status: answer.status(), url: answer.url(), text }
  }
  const well = (path, page) => {
    assert(page.status < 400, `${path}: ${page.status} ${page.text.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ').slice(0, 600)}`)
    return page
  }
  const post = (path, sent) => context.request.post(path, { headers: { origin }, ...sent })
  return {
    get: async (path) => well(path, await take(await context.request.get(path))),
    // Pairs of name and value, since a name may come twice.
    send: async (path, pairs) => {
      const data = new URLSearchParams([['csrf', csrf], ...pairs]).toString()
      return well(path, await take(await post(path, { data, headers: { origin, 'content-type': 'application/x-www-form-urlencoded' } })))
    },
    sendFiles: async (path, pairs, files) => {
      const multipart = new FormData()
      for (const [name, value] of [['csrf', csrf], ...pairs]) multipart.append(name, value)
      for (const [name, bytes, mime] of files) multipart.append('file', new File([bytes], name, { type: mime }))
      return well(path, await take(await post(path, { multipart })))
    },
  }
}

// Sets the server up: Ada, and her workspace. Gives its address, `/w/<slug>`.
export async function setUp(belfry, person, name = NAME) {
  await person.get('/setup')
  const fields = { code: belfry.code, name: 'Ada Lovelace', sign_in: 'ada', password: PASSWORD, workspace: name, zone: 'UTC' }
  const page = await person.send('/setup', Object.entries(fields))
  return new URL(page.url).pathname.replace('/today', '')
}

// The clock of the program, as far ahead of ours as the last step said; it goes on only by steps, as nights pass.
export function clock(belfry) {
  let offset = 0
  return {
    now: () => new Date(Date.now() + offset),
    pass: async (ms) => {
      offset += ms
      await order(belfry.folder, { clock: { offset_ms: offset } })
      await order(belfry.folder, { idle: true })
    },
  }
}

// An account of the practice network, and what it is told to do.
async function account(url, name) {
  const ask = async (method, path, body) => {
    const answer = await fetch(`${url}/practice/api/${path}`, { method, headers: { authorization: `Bearer ${ask.token}`, 'content-type': 'application/json' }, body: body && JSON.stringify(body) })
    assert(answer.ok, `${method} ${path}: ${answer.status}`)
    const text = await answer.text()
    return text ? JSON.parse(text) : null
  }
  ask.token = (await ask('POST', 'accounts', { name })).token
  return {
    ask,
    fail: (kind) => ask('POST', 'faults', { step: 'create', kind, count: 1 }),
    behave: async (change) => ask('PUT', 'behaviour', { ...(await ask('GET', 'behaviour')), ...change }),
  }
}

// Gives the workspace at `home` one of everything. Resolves once all of it has happened.
export async function fill(belfry, person, home) {
  const time = clock(belfry)
  const channels = {}
  const connect = async (key, name) => {
    await person.get(`${home}/channels/new/practice`)
    const page = await person.send(`${home}/channels/new/practice`, [['way', 'name'], ['name', name], ['server', '']])
    channels[key] = { id: new URL(page.url).pathname.split('/').pop(), ...(await account(belfry.url, name)) }
  }
  const write = async (text, { on, deed = 'now', files = [], more = [] }) => {
    const page = await person.get(`${home}/compose`)
    const path = page.text.match(/ action="([^"]*\/posts\/[0-9A-Z]{26})"/)[1]
    const [date, clockTime] = new Date(time.now().getTime() + 2 * 86_400_000).toISOString().slice(0, 16).split('T')
    const pairs = [['version', '0'], ['text', text], ['date', date], ['time', clockTime], ['when', deed], ['do', 'go'], ...on.map((key) => ['channels', channels[key].id]), ...more]
    await person.sendFiles(path, pairs, files)
    return path
  }
  const test = (key) => person.send(`${home}/channels/${channels[key].id}/test`, [])

  for (const [key, name] of [['well', 'riverside'], ['refuses', HANDLE], ['silent', 'silent'], ['narrow', 'narrow'], ['paused', 'paused'], ['lost', 'lost']]) await connect(key, name)
  await person.get(`${home}/channels/new/by_hand`)
  const byHand = await person.send(`${home}/channels/new/by_hand`, [['way', 'choose'], ['app', 'instagram'], ['handle', `@${HANDLE}`]])
  channels.byHand = { id: new URL(byHand.url).pathname.split('/').pop() }

  // What goes out well, and what does not in each way there is.
  const photo = ['IMG_0001.jpg', picture('lying-with-place.jpg'), 'image/jpeg']
  await write(`${LONG}: we open at nine. Bring a bag. #Nachbarschaftshilfe https://riverside.example/open`, { on: ['well'], files: [photo], more: [['first_comment', 'The side door is open too.']] })
  await write(ARABIC, { on: ['well'] })
  await channels.refuses.fail('refuse')
  await write(`This is refused. ${LONG}`, { on: ['refuses'] })
  await channels.silent.behave({ settles: 'ask_person' })
  await test('silent')
  await channels.silent.fail('lose_answer')
  await write('Nobody knows whether this went out.', { on: ['silent'] })
  await write(`First part\n---\nSecond part, which says much more than the first: ${LONG}`, { on: ['narrow'] })
  await channels.narrow.behave({ text_limit: 40 })
  await write('This waits for its channel.', { on: ['paused'] })
  await person.send(`${home}/channels/${channels.paused.id}/pause`, [])
  await write('Three apples and how to keep them.', { on: ['byHand'], files: [photo] })
  await time.pass(16_000)
  for (let look = 0; look < 6; look++) await time.pass(600_000)

  // What waits, what is being written, what was thrown away.
  for (const text of [ARABIC, LONG, 'Thanks to everyone who carried boxes', 'Who drives on Sunday?', 'Bread at ten, soup at noon']) await write(text, { on: ['well'], deed: 'at' })
  await write('On every channel at once.', { on: ['well', 'narrow', 'byHand'], deed: 'at', files: [photo], more: [[`variant-${channels.narrow.id}`, 'Said in short.']] })
  await write(`A draft about ${LONG}, with a poll to come.`, { on: ['well'], deed: 'draft', more: [['warning', 'Long words']] })
  const gone = await write('Thrown away.', { on: ['well'], deed: 'draft' })
  await person.send(`${gone}/trash`, [])

  // What people say to it, and what was done about that.
  const out = (await channels.well.ask('GET', `accounts/${(await channels.well.ask('GET', 'me')).id}/posts`)).posts.find((post) => post.text.startsWith('Donau'))
  for (const [from, text] of [['Ana Marsh', 'What time on Saturday?'], [HANDLE, LONG], ['مريم الحسن', ARABIC], ['J. Okafor', 'Done with, thank you.']]) {
    await channels.well.ask('POST', `posts/${out.id}/comments`, { from, text })
  }
  for (let look = 0; look < 4; look++) await time.pass(3_600_000)
  const inbox = await person.get(`${home}/inbox`)
  const talks = [...new Set(inbox.text.match(/\/inbox\/[0-9A-Z]{26}/g))].map((path) => home + path)
  assert.equal(talks.length, 4, 'four people wrote')
  const page = await person.get(talks[0])
  const value = (name) => page.text.match(new RegExp(`name="${name}"[^>]*value="([^"]*)"`))[1]
  await person.send(`${talks[0]}/answer`, [['token', value('token')], ['to', value('to')], ['text', 'From nine until noon.']])
  await person.send(`${talks[1]}/done`, [])
  await person.send(`${talks[2]}/assign`, [['person', value('person')]])

  // Pictures, people, and what is open in settings.
  await person.get(`${home}/media`)
  await person.sendFiles(`${home}/media`, [], [['wide.jpg', picture('progressive.jpg'), 'image/jpeg'], [`${LONG}.webp`, picture('lossy.webp'), 'image/webp']])
  const slug = home.split('/').pop()
  for (const [name, role] of [['Maximiliane-Theodora von Hohenlohe-Waldeck', 'admin'], ['مريم الحسن', 'editor'], ['Ben', 'author'], ['Cleo', 'approver'], ['Dora', 'viewer']]) {
    const added = await order(belfry.folder, { user_add: { name, sign_in: role, password: PASSWORD, admin: false, member_of: [slug, role] } })
    assert(!JSON.stringify(added).includes('refused'), JSON.stringify(added))
  }
  await person.get(`${home}/people`)
  await person.send(`${home}/invitations`, [['role', 'viewer'], ['note', HANDLE]])
  await person.send(`${home}/settings/tokens`, [['name', HANDLE], ['scopes', 'posts:read']])
  await channels.lost.ask('DELETE', 'tokens')
  await person.send(`${home}/channels/${channels.lost.id}/test`, []).catch((error) => assert.match(error.message, /502/))
  await time.pass(60_000)
  return { channels, time }
}
