// The whole of the main job with scripts switched off, on a phone: what a person does there happens, and is seen to have
// happened where it should. Live parts, dragging and writing without a connection are extras; this is not.
import assert from 'node:assert/strict'
import fs from 'node:fs'
import { after, before, describe, test } from 'node:test'

import { launch, noSideways, order, startBelfry, visit } from './harness.mjs'
import { PASSWORD } from './workspace.mjs'

const PHOTO = fs.readFileSync(new URL('../fixtures/media/lying-with-place.jpg', import.meta.url))
const ALT = 'Two crates of apples in front of an open door'
const TEXT = 'Saturday we open at nine. Bring a bag, bring a friend.'
const TAILORED = 'Saturday at nine, neighbours: there are apples.'

describe('with scripts switched off', () => {
  let browser, belfry, visitor, page, offset = 0
  const pass = async (ms) => {
    offset += ms
    await order(belfry.folder, { clock: { offset_ms: offset } })
    await order(belfry.folder, { idle: true })
  }
  const lead = async (to) => {
    const loaded = page.waitForEvent('load')
    await to.filter({ visible: true }).first().click()
    await loaded
    await noSideways(page)
  }
  const press = (name) => lead(page.getByRole('button', { name, exact: true }))
  const open = (name, within = page) => lead(within.getByRole('link', { name }))
  const shows = (text) => page.getByText(text).filter({ visible: true }).first().waitFor()
  const there = async () => (await (await fetch(`${belfry.url}/practice/api/timeline`)).json()).posts

  before(async () => {
    belfry = await startBelfry({ args: ['serve', '--test-clock'] })
    browser = await launch()
    visitor = await visit(browser, { url: belfry.url, javaScript: false, timezoneId: 'UTC' })
    page = visitor.page
    page.setDefaultTimeout(10_000)
  })
  after(async () => {
    await browser?.close()
    await belfry?.stop()
  })

  test('the server is set up', async () => {
    await page.goto('/')
    await page.locator('[name=code]').fill(belfry.code)
    await page.locator('[name=name]').fill('Ada')
    await page.locator('[name=sign_in]').fill('ada')
    await page.locator('[name=password]').fill(PASSWORD)
    await page.locator('[name=workspace]').fill('Riverside Food Bank')
    await page.locator('[name=zone]').selectOption('UTC')
    await page.locator('main form button').last().click()
    await page.waitForURL(/\/w\/riverside-food-bank\/today/)
  })

  test('Ada signs out and in again', async () => {
    await open('More')
    await press('Sign out')
    assert.match(page.url(), /\/sign-in/)
    await page.locator('[name=sign_in]').fill('ada')
    await page.locator('[name=password]').fill('not the password')
    await lead(page.locator('main form button').last())
    assert.equal(await page.locator('[name=sign_in]').inputValue(), 'ada', 'what was typed is still there')
    await page.locator('[name=password]').fill(PASSWORD)
    await page.locator('main form button').last().click()
    await page.waitForURL(/\/w\/riverside-food-bank/)
  })

  test('two channels are connected', async () => {
    for (const name of ['riverside', 'neighbours']) {
      await page.goto('/w/riverside-food-bank/more')
      await open('Channels')
      await open(/connect|add/i, page.locator('main, header'))
      await open(/practice/i, page.locator('main'))
      await page.locator('main [name=name]').fill(name)
      await page.locator('main form button').first().click()
      await page.waitForURL(/\/channels\/[0-9A-Z]{26}/)
      await shows(`@${name}`)
    }
  })

  test('a post with a picture and a variant is written and planned', async () => {
    await open('Compose')
    await page.locator('[name=text]').fill(TEXT)
    await page.locator('input[type=file]').setInputFiles({ name: 'IMG_0001.jpg', mimeType: 'image/jpeg', buffer: PHOTO })
    await press('Show channels, checks and preview anew')
    assert.equal(await page.locator('[name=text]').inputValue(), TEXT, 'the text came along')
    await page.locator('[name^=alt-]').fill(ALT)
    const fold = page.locator('details').filter({ has: page.locator('[name^=variant-]'), hasText: 'neighbours' })
    await fold.locator('summary').click()
    await fold.locator('[name^=variant-]').fill(TAILORED)
    await page.locator('main [name=date]').fill('1999-01-01')
    await lead(page.locator('button[name=do][value=go]'))
    assert.equal(await page.locator('[name=text]').inputValue(), TEXT, 'a time that is past loses nothing')
    assert.equal(await page.locator('[name^=alt-]').inputValue(), ALT)
    assert.equal(await page.locator('[name^=variant-]').filter({ visible: true }).inputValue(), TAILORED)
    const [date, time] = new Date(Date.now() + 2 * 86_400_000).toISOString().slice(0, 16).split('T')
    await page.locator('main [name=date]').fill(date)
    await page.locator('main [name=time]').fill(time)
    await lead(page.locator('button[name=do][value=go]'))
    await page.waitForURL(/\/posts\/[0-9A-Z]{26}$/)
    await shows('Planned')
  })

  test('it is moved by form, and goes out at its new time with its picture and its variant', async () => {
    const [date, time] = new Date(Date.now() + 180_000).toISOString().slice(0, 16).split('T')
    await page.locator('main [name=date]').fill(date)
    await page.locator('main [name=time]').fill(time)
    await press('Move')
    assert.equal(await page.locator('main [name=time]').inputValue(), time)
    await pass(181_000)
    const posts = await there()
    const said = (handle) => posts.filter((post) => post.author.handle === handle)
    assert.deepEqual(said('@riverside').map((post) => post.text), [TEXT])
    assert.deepEqual(said('@neighbours').map((post) => post.text), [TAILORED])
    assert.deepEqual(posts.map((post) => post.media.map((media) => media.alt)), [[ALT], [ALT]])
    await page.reload()
    await shows('Published')
  })

  test('a visitor writes, and is answered from the inbox', async () => {
    await page.locator('main a[href^="/practice/posts/"]').first().click()
    await page.locator('[name=text]').fill('What time on Saturday?')
    await page.locator('[name=from]').fill('Ana Marsh')
    await lead(page.locator('form').filter({ has: page.locator('[name=from]') }).getByRole('button'))
    await shows('What time on Saturday?')
    for (let minute = 0; minute < 3; minute++) await pass(60_000)
    await page.goto('/w/riverside-food-bank/today')
    await open('Inbox')
    await page.getByRole('link', { name: /Ana Marsh/ }).first().click()
    await page.waitForURL(/\/inbox\/[0-9A-Z]{26}/)
    await page.locator('[name=text]').fill('From nine until noon.')
    await lead(page.locator('form[action$="/answer"]').getByRole('button'))
    await shows('From nine until noon.')
    await order(belfry.folder, { idle: true })
    assert.equal((await there()).filter((post) => post.text === 'From nine until noon.').length, 1, 'it is there, once')
  })

  test('settings are kept', async () => {
    await page.goto('/w/riverside-food-bank/more')
    await open('Settings')
    await page.locator('[name=workspace]').fill('Riverside')
    await page.locator('[name=tone]').selectOption('7')
    await press('Keep these settings')
    await shows('The settings are kept.')
    assert.equal(await page.locator('[name=workspace]').inputValue(), 'Riverside')
    assert.equal(await page.locator('[name=tone]').inputValue(), '7')
    visitor.calm()
  })

  test('what was typed when the session ended is still there on the way back', async () => {
    await page.goto('/w/riverside-food-bank/compose')
    await page.locator('[name=text]').fill('Written for a long time')
    const cookies = await visitor.context.cookies()
    await visitor.context.clearCookies({ name: /belfry-session/ })
    await lead(page.locator('button[name=do][value=go]'))
    await shows('You are not signed in any more. Press Back to keep what you typed')
    await page.goBack()
    assert.equal(await page.locator('[name=text]').inputValue(), 'Written for a long time')
    await visitor.context.addCookies(cookies)
    await lead(page.locator('button[name=do][value=go]'))
    await shows('Planned for')
  })
})
