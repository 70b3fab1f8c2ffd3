// Posting by hand as a person with a phone does it: Today calls, the text is copied with its lines, the pictures are
// saved in order, a wrong link is told, and it is done. Once more without scripts.
import assert from 'node:assert/strict'
import fs from 'node:fs'
import { after, before, describe, test } from 'node:test'

import { inspect, launch, order, shot, startBelfry, visit } from './harness.mjs'

const TEXT = 'Saturday we open at nine.\n\nBring a bag, bring a friend.'
const ALT = 'Two crates of apples in front of an open door'
const PHOTO = fs.readFileSync(new URL('../fixtures/media/lying-with-place.jpg', import.meta.url))
const W = '/w/riverside'

describe('posting by hand', () => {
  let browser, belfry, visitor, page, task
  before(async () => {
    belfry = await startBelfry({ args: ['serve', '--test-clock'] })
    browser = await launch()
    visitor = await visit(browser, { url: belfry.url, timezoneId: 'UTC', permissions: ['clipboard-read', 'clipboard-write'] })
    page = visitor.page
    await page.goto('/')
    const fields = { code: belfry.code, name: 'Ada', sign_in: 'ada', password: 'a long quiet evening', workspace: 'Riverside' }
    for (const [name, value] of Object.entries(fields)) await page.locator(`[name=${name}]`).fill(value)
    await page.locator('form button[type=submit], form button:not([type])').last().click()
    await page.waitForURL(/\/w\/riverside/)
  })
  after(async () => {
    await browser?.close()
    await belfry?.stop()
  })

  test('an app is connected, and a post with a picture is planned for it', async () => {
    await page.goto(`${W}/channels/new/by_hand`)
    await page.locator('main [name=app]').selectOption('instagram')
    await page.locator('main [name=handle]').fill('@riverside.food')
    await page.locator('main form button').first().click()
    await page.waitForURL(/\/channels\/[0-9A-Z]{26}/)
    await page.goto(`${W}/compose`)
    await page.locator('[name=text]').fill(TEXT)
    await page.locator('input[type=file]').setInputFiles({ name: 'IMG_0001.jpg', mimeType: 'image/jpeg', buffer: PHOTO })
    await page.locator('[name^=alt-]').fill(ALT)
    const [date, time] = new Date(Date.now() + 120_000).toISOString().slice(0, 16).split('T')
    await page.locator('[name=date]').fill(date)
    await page.locator('[name=time]').fill(time)
    await page.getByRole('button', { name: 'Schedule' }).click()
    await page.waitForURL(/\/posts\/[0-9A-Z]{26}$/)
  })

  test('at its time Today calls, and its page has the text, the pictures and the app', async () => {
    await order(belfry.folder, { clock: { offset_ms: 180_000 } })
    await order(belfry.folder, { idle: true })
    await page.goto(`${W}/today`)
    await page.getByRole('link', { name: /Saturday/ }).first().tap()
    await page.waitForURL(/by-hand$/)
    task = new URL(page.url()).pathname
    await inspect(visitor)
    await shot(page, 'by-hand')
    await page.getByRole('button', { name: 'Copy the text' }).tap()
    await page.getByRole('button', { name: 'Copied' }).waitFor()
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), TEXT, 'with its lines')
    await page.getByRole('button', { name: 'Copy its description' }).tap()
    await page.getByRole('button', { name: 'Copied' }).nth(1).waitFor()
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), ALT)
    const [saved] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Save picture 1' }).tap()])
    assert.equal(saved.suggestedFilename(), 'picture-1.jpg')
    assert(!fs.readFileSync(await saved.path()).includes(Buffer.from('GPS')), 'the place is still in the picture')
    assert.equal(await page.getByRole('link', { name: 'Open Instagram' }).getAttribute('href'), 'https://www.instagram.com/')
  })

  test('without scripts a wrong link is told, what was typed stays, and the right one is taken', async () => {
    const storageState = await page.context().storageState()
    const plain = await visit(browser, { url: belfry.url, javaScript: false, storageState })
    await plain.page.goto(task)
    await plain.page.locator('[name=url]').fill('https://www.tiktok.com/@riverside/photo/1')
    await plain.page.getByRole('button', { name: 'Done' }).tap()
    await plain.page.waitForURL(/done$/)
    assert.match(await plain.page.locator('.error-summary').textContent(), /does not lead to Instagram/)
    assert.equal(await plain.page.locator('[name=url]').inputValue(), 'https://www.tiktok.com/@riverside/photo/1')
    await plain.page.locator('[name=url]').fill('https://www.instagram.com/p/abc/')
    await plain.page.getByRole('button', { name: 'Done' }).tap()
    await plain.page.waitForURL(/\/posts\/[0-9A-Z]{26}$/)
    assert.equal(await plain.page.locator('a[href="https://www.instagram.com/p/abc/"]').count(), 1)
    await plain.context.close()
  })
})
