// Sixty ways to smuggle a script into a page, in every field that is stored, on every page that
// shows them. The content security policy is switched off, so that escaping alone has to do it.
import type { Page } from '@playwright/test';

import { expect, test } from '../../support/fixtures';
import { lexArn } from '../../support/bot_journey';
import { targetOf, type Site } from '../../support/site';

test.use({ bypassCSP: true, own: {} });

/** Calls `ran`, which a test watches, if it runs. */
const RUN = 'ran()';

const PAYLOADS = [
  // Elements.
  `<script>${RUN}</script>`,
  `<ScRiPt>${RUN}</sCrIpT>`,
  `<script src="data:text/javascript,${RUN}"></script>`,
  `<scr<script>ipt>${RUN}</scr</script>ipt>`,
  `<<script>${RUN}//<</script>`,
  `<script\n>${RUN}</script\n>`,
  `<img src=x onerror=${RUN}>`,
  `<img src=x onerror="${RUN}">`,
  `<img/src=x/onerror=${RUN}>`,
  `<img src=x onerror=&#114;an()>`,
  `<IMG SRC=x OnErRoR=${RUN}>`,
  `<svg onload=${RUN}>`,
  `<svg/onload=${RUN}>`,
  `<svg><script>${RUN}</script></svg>`,
  `<svg><animate onbegin=${RUN} attributeName=x dur=1s>`,
  `<svg><use href="data:image/svg+xml,<svg id='x' xmlns='http://www.w3.org/2000/svg' onload='${RUN}'/>#x"/>`,
  `<math><mtext><script>${RUN}</script></mtext></math>`,
  `<body onload=${RUN}>`,
  `<iframe srcdoc="<script>parent.${RUN}</script>"></iframe>`,
  `<iframe src="javascript:parent.${RUN}"></iframe>`,
  `<object data="data:text/html,<script>parent.${RUN}</script>"></object>`,
  `<embed src="data:text/html,<script>parent.${RUN}</script>">`,
  `<video><source onerror=${RUN}></video>`,
  `<audio src=x onerror=${RUN}></audio>`,
  `<details open ontoggle=${RUN}>`,
  `<input autofocus onfocus=${RUN}>`,
  `<select autofocus onfocus=${RUN}>`,
  `<textarea autofocus onfocus=${RUN}>`,
  `<button autofocus onfocus=${RUN}>`,
  `<marquee onstart=${RUN}>`,
  `<style onload=${RUN}></style>`,
  `<link rel=stylesheet href="data:text/css,x" onload=${RUN}>`,
  `<meta http-equiv=refresh content="0;url=javascript:${RUN}">`,
  `<base href="javascript:${RUN}//">`,
  `<template shadowrootmode=open><script>${RUN}</script></template>`,
  // Out of where a value stands.
  `"><script>${RUN}</script>`,
  `'><script>${RUN}</script>`,
  `" onfocus=${RUN} autofocus x="`,
  `' onfocus=${RUN} autofocus x='`,
  `" onmouseover="${RUN}`,
  `" style="animation:x" onanimationstart="${RUN}`,
  `</title><script>${RUN}</script>`,
  `</textarea><script>${RUN}</script>`,
  `</style><script>${RUN}</script>`,
  `</script><script>${RUN}</script>`,
  `</noscript><script>${RUN}</script>`,
  `</template><script>${RUN}</script>`,
  `</select><script>${RUN}</script>`,
  `--><script>${RUN}</script><!--`,
  `]]><script>${RUN}</script>`,
  // Addresses, and text that code may read.
  `javascript:${RUN}`,
  `java\tscript:${RUN}`,
  `data:text/html,<script>${RUN}</script>`,
  `{{constructor.constructor('${RUN}')()}}`,
  '${' + RUN + '}',
  `\u2028${RUN}\u2029`,
  `";${RUN}//`,
  `';${RUN}//`,
  '`;' + RUN + '//',
  `\\u003cscript\\u003e${RUN}\\u003c/script\\u003e &lt;script&gt;${RUN}&lt;/script&gt; %3Cscript%3E${RUN}%3C/script%3E`,
];

/** Nothing ran, and no element is there that only a payload can have made. */
async function quiet(page: Page, path: string, ran: () => number): Promise<void> {
  await page.goto(path);
  const made = await page.evaluate(() => {
    const handlers = [...document.querySelectorAll('*')].filter((element) =>
      [...element.attributes].some(
        ({ name, value }) => name.startsWith('on') || /^\s*java\s*script:/i.test(value) && ['href', 'src', 'action', 'data'].includes(name),
      ),
    );
    const inside = document.querySelectorAll('main iframe, main object, main embed, base, main script:not([nonce]), main marquee');
    return [...handlers, ...inside].map((element) => element.outerHTML.slice(0, 200));
  });
  expect(made, path).toEqual([]);
  expect(ran(), path).toBe(0);
}

/** What a test makes with one payload, in every field that takes it; the pages that show it. */
async function instancePages(site: Site, payload: string): Promise<string[]> {
  const instance = await site.makeInstance(payload, {
    metadata: payload,
    'tag_key[0]': payload.slice(0, 128),
    'tag_value[0]': payload,
  });
  const bot = await site.make('bots/create', {
    target: targetOf(instance),
    token: crypto.randomUUID(),
    name: 'Bot',
    metadata: payload,
    lex_bot_alias_arn: lexArn(),
    locale_id: 'en_US',
    welcome_intent: '',
    standard_messages: 'AUTO',
    targeted_messages: 'ALL',
  });
  const pages = ['', '/edit', '/tags', '/delete', '/activity'].map((page) => instance + page);
  return [...pages, bot, `${bot}/edit`];
}

async function userPages(site: Site, instance: string, payload: string, at: number): Promise<string[]> {
  const fields = { metadata: payload, 'tag_key[0]': payload.slice(0, 128), 'tag_value[0]': payload };
  const user = await site.makeUser(instance, `user-${at}`, payload.slice(0, 100), fields);
  const endpoint = await site.make('endpoints/register', {
    target: targetOf(user),
    token: crypto.randomUUID(),
    kind: 'APNS',
    resource_arn: 'arn:aws:mobiletargeting:us-east-1:123456789012:apps/0123456789abcdef0123456789abcdef',
    device_token: payload,
    name: payload,
    allow_messages: 'ALL',
  });
  return [user, `${user}/edit`, `${user}/delete`, endpoint, `${endpoint}/edit`, `${endpoint}/deregister`];
}

test('there are sixty', () => {
  expect(new Set(PAYLOADS).size).toBe(60);
});

for (const what of ['an AppInstance', 'a user and its endpoint'] as const) {
  test(`nothing that ${what} is called runs`, async ({ page, site }) => {
    test.setTimeout(600_000);
    let count = 0;
    await page.exposeFunction('ran', () => (count += 1));
    const ran = () => count;
    const parent = await site.makeInstance('Parent');
    for (const [at, payload] of PAYLOADS.entries()) {
      const pages =
        what === 'an AppInstance'
          ? await instancePages(site, payload)
          : await userPages(site, parent, payload, at);
      for (const path of pages) {
        await quiet(page, path, ran);
      }
    }
    const lists = ['/', site.path(), `${site.path()}?size=50`, `${parent}/users?size=50`, '/audit?size=50'];
    for (const path of lists) {
      await quiet(page, path, ran);
    }
    // What an address says comes back on its page too.
    for (const payload of what === 'an AppInstance' ? PAYLOADS : []) {
      const text = encodeURIComponent(payload);
      for (const path of [`/go?arn=${text}`, `${site.path()}?q=${text}`, `/audit?resource=${text}&operator=${text}`]) {
        await quiet(page, path, ran);
      }
    }
    // The watch itself works.
    await page.evaluate(() => {
      const script = document.createElement('script');
      script.textContent = 'ran()';
      document.body.append(script);
    });
    await expect.poll(ran).toBe(1);
  });
}
