// A real browser on the real service. Every page is watched: what the policy of the page refused, what went to another host and
// what was thrown is kept, and fails the test.
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect } from '@jest/globals';
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Locator, type Page } from 'playwright-core';
import type { User } from './accounts.js';
import { BuiltService } from './built-service.js';
import { createSurroundings, type Surroundings } from './leg.js';

export type { BrowserContext, Page } from 'playwright-core';

const CHROMIUM = process.env.TEST_CHROMIUM ?? '/usr/bin/chromium';
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
/** Patience, not a bound: a busy machine is slow. */
const TIMEOUT_MS = 15_000;
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
// Both run in the page.
const RUN_AXE = `axe.run(document).then(({ violations }) =>
  violations.map(({ id, nodes }) => ({ id, nodes: nodes.map(({ html, failureSummary }) => html + '\\n' + failureSummary) })))`;
const REPORT_VIOLATIONS = `document.addEventListener('securitypolicyviolation', (violation) =>
  console.error('policy: ' + violation.violatedDirective + ' ' + violation.blockedURI + ' ' + violation.sourceFile + ':' + violation.lineNumber))`;

export const DESK = { width: 1280, height: 800 };
export const PHONE = { width: 390, height: 844 };

export class Browsing {
  private readonly trouble: string[] = [];
  private readonly contexts = new Set<BrowserContext>();

  private constructor(
    readonly service: BuiltService,
    private readonly browser: Browser,
    private readonly surroundings: Surroundings,
  ) {}

  /** A service of its own with a browser. @param environment beside what finds the database */
  static async start(environment: Record<string, string> = {}): Promise<Browsing> {
    if (!existsSync(CHROMIUM)) throw new Error(`There is no ${CHROMIUM}: install Debian's chromium, or name yours in TEST_CHROMIUM`);
    const surroundings = await createSurroundings({ name: 'sqlite' });
    const [service, browser] = await Promise.all([
      BuiltService.start({ RATE_LIMIT: 'off', LOG_LEVEL: 'warn', ...surroundings.environment, ...environment }),
      chromium.launch({ executablePath: CHROMIUM, args: FLAGS }),
    ]);
    return new Browsing(service, browser, surroundings);
  }

  async stop(): Promise<void> {
    await this.browser.close();
    await BuiltService.endAll();
    await this.surroundings.remove();
  }

  /** Closes what a test opened. To be called after each. @throws Error when there was trouble that the test did not ask for */
  async closePages(): Promise<void> {
    for (const context of this.contexts) await context.close();
    this.contexts.clear();
    const trouble = this.trouble.splice(0);
    if (trouble.length > 0) throw new Error(trouble.join('\n'));
  }

  /** A browser of somebody who has not been here before. */
  async newVisitor(options: BrowserContextOptions = {}): Promise<BrowserContext> {
    const context = await this.browser.newContext({ viewport: DESK, baseURL: this.service.url, ...options });
    this.contexts.add(context);
    context.setDefaultTimeout(TIMEOUT_MS);
    await context.addInitScript(REPORT_VIOLATIONS);
    context.on('request', (request) => {
      if (!request.url().startsWith(this.service.url)) this.trouble.push(`asked another host: ${request.url()}`);
    });
    context.on('weberror', (error) => this.trouble.push(`thrown: ${error.error().stack}`));
    context.on('console', (message) => {
      if (message.text().startsWith('policy: ')) this.trouble.push(message.text());
    });
    return context;
  }

  /** A browser in which the user is logged in. */
  async newContext(user: User, options: BrowserContextOptions = {}): Promise<BrowserContext> {
    const context = await this.newVisitor(options);
    const { hostname } = new URL(this.service.url);
    await context.addCookies([
      { name: 'watchlist_refresh', value: user.refreshToken, domain: hostname, path: '/v1/auth', httpOnly: true, sameSite: 'Strict' },
    ]);
    return context;
  }

  /** A page of the dashboard as a new user sees it. */
  async openAsNewUser(path = '/', options: BrowserContextOptions = {}): Promise<{ user: User; page: Page }> {
    const user = await this.service.newUser();
    return { user, page: await this.open(user, path, options) };
  }

  /** A page of the dashboard as the user sees it. */
  async open(user: User, path = '/', options: BrowserContextOptions = {}): Promise<Page> {
    const page = await (await this.newContext(user, options)).newPage();
    await page.goto(path);
    return page;
  }
}

/** The button of a title's row that opens it. */
export const rowOf = (page: Page, title: string): Locator => page.locator('.row-open', { hasText: title });

export const titlesOn = (page: Page): Promise<string[]> => page.locator('.row-title').allTextContents();

/** axe-core's findings, of WCAG 2.2 AA and its own best practices. */
export async function expectAccessible(page: Page): Promise<void> {
  // Evaluated through the debugger, which the page's policy does not concern.
  await page.evaluate(AXE);
  expect(await page.evaluate(RUN_AXE)).toEqual([]);
}
