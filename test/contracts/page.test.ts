/**
 * The page in a real browser, on an engine that serves it itself; another engine named in the list would be
 * shown by `warren dashboard`, and everything else is the same code.
 */
import { connect } from 'amqplib';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EngineCluster, startCluster } from '../engines/cluster.js';
import { engines } from '../engines/engine.js';
import type { EngineNode } from '../engines/node.js';
import { hasChromium, launch, openTab, type Tab } from '../web/browser.js';
import { type Dashboard, startDashboard } from '../web/dashboard.js';

const evil = '<img src=x onerror="window.hacked=1">';
const views = [
  'overview',
  'nodes',
  'queues',
  'exchanges',
  'exchanges/%2F/amq.topic',
  'connections',
  'channels',
  'topology',
  'policies',
  'users',
  'tracing',
  'alerts',
  `queues/%2F/${encodeURIComponent(evil)}`,
];

describe.skipIf(!hasChromium).each(engines)('the page on $name', (engine) => {
  const serves = engine.name === 'bundled';
  let cluster: EngineCluster;
  let first: EngineNode;
  let second: EngineNode;
  let dashboard: Dashboard | undefined;
  let browser: Browser;
  let tab: Tab;
  let address: string;

  beforeAll(async () => {
    cluster = await startCluster(engine, 2);
    [first, second] = cluster.nodes as [EngineNode, EngineNode];
    const { management } = first.specification.ports;
    if (!serves) dashboard = await startDashboard('--url', `http://guest:guest@127.0.0.1:${management}`);
    address = dashboard?.url ?? `http://127.0.0.1:${management}/`;
    browser = await launch();
    tab = await openTab(browser, address);
  });

  afterAll(async () => {
    await browser?.close();
    await dashboard?.end();
    await cluster?.destroy();
  });

  const go = async (view: string) => {
    await tab.page.goto(`${address}#/${view}`);
    await tab.page.locator('main :is(h1, .empty)').first().waitFor();
  };
  const button = (name: string | RegExp) => tab.page.getByRole('button', { name });
  const confirm = (answer: string) =>
    tab.page.locator('dialog[open]').getByRole('button', { name: answer }).click();

  /** RabbitMQ closes its port for HTTP and opens it again for a plugin that comes: what was asked meanwhile failed. */
  const forgiveRestart = () => {
    const others = tab.complaints.filter((complaint) => !complaint.includes('502 (Bad Gateway)'));
    tab.complaints.splice(0, tab.complaints.length, ...others);
  };

  it('lets in who knows the password, and nobody else', async () => {
    const { page, complaints } = tab;
    if (serves) {
      for (const password of ['wrong', 'guest']) {
        await page.getByLabel('User').fill('guest');
        await page.getByLabel('Password').fill(password);
        await button('Log in').click();
        if (password === 'wrong') await page.getByRole('alert').getByText('Login failed').waitFor();
      }
      // The browser's own words on the refusal.
      expect(complaints.splice(0)).toHaveLength(1);
    }
    await page.getByRole('heading', { name: 'Overview' }).waitFor();
    await page.locator('.card.node.up').nth(1).waitFor();
    expect(await page.locator('.card.node.up h2').allTextContents()).toEqual(
      [first.name, second.name].sort(),
    );
  });

  it('shows names as text, whatever they are', async () => {
    await first.api('PUT', `queues/%2F/${encodeURIComponent(evil)}`, { durable: true });
    await first.api('POST', `bindings/%2F/e/amq.topic/q/${encodeURIComponent(evil)}`, { routing_key: evil });
    await go('queues');
    await tab.page.getByRole('link', { name: evil }).click();
    await tab.page.getByRole('heading', { name: evil }).waitFor();
    await tab.page.locator('.edge .key title', { hasText: evil }).first().waitFor({ state: 'attached' });
    expect(
      await tab.page.evaluate(`'hacked' in window || document.querySelector('img[src=x]') !== null`),
    ).toBe(false);
  });

  it('publishes a message and gets it', async () => {
    await go(`queues/%2F/${encodeURIComponent(evil)}`);
    await tab.page.getByLabel('Payload').fill(`a message ${evil}`);
    await tab.page.getByLabel('Headers').fill('{"origin": "page"}');
    await button('Publish').click();
    await tab.page.getByText('Published, and routed to a queue').waitFor();
    await button('Get').click();
    const message = tab.page.locator('article.message');
    await message.getByText(`a message ${evil}`, { exact: true }).waitFor();
    expect(await message.textContent()).toContain('origin: page');
  });

  it('closes a connection', async () => {
    const connection = await connect(second.url, {
      clientProperties: { connection_name: 'worker <b>7</b>' },
    });
    const closed = new Promise<Error>((resolve) => {
      connection.on('error', resolve);
      connection.on('close', resolve);
    });
    await go('connections');
    const row = tab.page.getByRole('row').filter({ hasText: 'worker <b>7</b>' });
    await row.getByRole('button', { name: /^Close/ }).click();
    await confirm('Close it');
    expect(String(await closed)).toContain('Closed via management plugin');
    await row.waitFor({ state: 'detached' });
  });

  it('says what tracing takes, traces, and shows what was traced', async () => {
    await go('tracing');
    await tab.page.getByText('rabbitmq-plugins enable rabbitmq_tracing').waitFor();
    expect(tab.complaints).toEqual([]);
    await first.run('rabbitmq-plugins', 'enable', 'rabbitmq_tracing');
    await tab.page.reload();
    await button('Add a trace …').waitFor();
    if (!serves) forgiveRestart();
    await button('Add a trace …').click();
    const form = tab.page.locator('dialog[open]');
    await form.getByLabel('Name').fill('all');
    await form.getByRole('button', { name: 'Add a trace' }).click();
    await tab.page.getByRole('table', { name: 'traces' }).getByText('all', { exact: true }).waitFor();
    await tab.page.getByRole('table', { name: 'logs' }).getByRole('link', { name: 'all.log' }).click();
    await tab.page.getByRole('heading', { name: 'all.log' }).waitFor();
    // RabbitMQ's logs are in one folder for every node that ever was on this machine.
    const body = `traced by ${process.pid} ${evil}`;
    const client = await connect(first.url);
    const channel = await client.createConfirmChannel();
    channel.publish('', 'nowhere', Buffer.from(body));
    await channel.waitForConfirms();
    await client.close();
    await tab.page.locator('pre.log', { hasText: body }).waitFor();
    await tab.page.getByRole('searchbox', { name: 'Filter entries' }).fill(`traced by ${process.pid}`);
    await tab.page.locator('pre.log', { hasText: /nowhere[\s\S]*traced by/ }).waitFor();
  });

  it.each([380, 768])('fits into %i pixels', async (width) => {
    await tab.page.setViewportSize({ width, height: 800 });
    const wide: string[] = [];
    for (const view of views) {
      await go(view);
      const scrollWidth = await tab.page.evaluate('document.documentElement.scrollWidth');
      if (Number(scrollWidth) > width) wide.push(`${view}: ${scrollWidth}`);
    }
    await tab.page.setViewportSize({ width: 1280, height: 900 });
    expect(wide).toEqual([]);
  });

  it('is found by the keyboard', async () => {
    await go('overview');
    await tab.page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();
    await tab.page.keyboard.press('g');
    await tab.page.keyboard.press('q');
    await tab.page.getByRole('heading', { name: 'Queues', level: 1 }).waitFor();
    await tab.page.getByRole('searchbox').waitFor();
    await tab.page.keyboard.press('/');
    await tab.page.keyboard.type('no-such');
    await tab.page.getByText('Nothing has such a name').waitFor();
    await tab.page.keyboard.press('Escape');
    await tab.page.keyboard.press('?');
    await tab.page.locator('dialog.keys[open]').waitFor();
    await tab.page.keyboard.press('Escape');
    const ground = () => tab.page.evaluate('getComputedStyle(document.body).backgroundColor');
    const before = await ground();
    await tab.page.keyboard.press('d');
    expect(new Set([before, await ground()])).toEqual(new Set(['rgb(246, 246, 243)', 'rgb(18, 22, 21)']));
  });

  if (serves)
    it('pages through ten thousand queues', async () => {
      const queues = Array.from({ length: 10_000 }, (_, n) => ({
        vhost: '/',
        name: `q-${String(n).padStart(5, '0')}`,
        durable: true,
        auto_delete: false,
        arguments: {},
      }));
      await first.api('POST', 'definitions', { queues });
      const message = { properties: {}, routing_key: 'q-07777', payload: 'x', payload_encoding: 'string' };
      for (let n = 0; n < 3; n++) await first.api('POST', 'exchanges/%2F/amq.default/publish', message);
      await go('queues?page=57');
      await tab.page.getByRole('link', { name: 'q-05600' }).waitFor();
      expect(await tab.page.locator('tbody tr').count()).toBe(100);
      await button('Ready').click();
      await tab.page.locator('tbody tr:first-child', { hasText: 'q-07777' }).waitFor();
      await tab.page.keyboard.press('/');
      await tab.page.keyboard.type('q-0999');
      await tab.page.getByText(/^10 of 10,0/).waitFor();
    });

  it('shows a killed node red, and remembers it when it is back', async () => {
    await go('nodes');
    await second.kill();
    await tab.page.locator('.card.node.down', { hasText: second.name }).waitFor();
    await go('alerts');
    await tab.page.locator('.alerts .critical', { hasText: `${second.name} is down` }).waitFor();
    await second.boot();
    await tab.page.locator('.alerts .over', { hasText: `${second.name} is down` }).waitFor();
    await go('nodes');
    await tab.page.locator('.card.node.up', { hasText: second.name }).waitFor();
  });

  it('the browser had nothing to complain of', () => {
    expect(tab.complaints).toEqual([]);
  });

  if (serves)
    it('forgets the login when it is told to', async () => {
      await button('Log out').click();
      await tab.page.getByLabel('Password').waitFor();
      await tab.page.reload();
      await tab.page.getByLabel('Password').waitFor();
      expect(await tab.page.evaluate(`sessionStorage.getItem('warren.login')`)).toBeNull();
    });
});
