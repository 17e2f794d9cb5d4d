// Opens a page in Chromium as people do, and prints what it has seen as JSON. Run by Support/Browser.cs:
//   NODE_PATH=… node look.js CHROMIUM PAGE LOOKS [FOLDER FOR SCREENSHOTS]
// LOOKS are names of the functions below, or "all".
"use strict";
const fs = require("fs");
const path = require("path");
const { chromium } = require("playwright-core");

const [program, page, looks, pictures] = process.argv.slice(2);
const axe = fs.readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const seen = { console: [], requests: [], errors: [], overflow: {}, violations: {}, pictures: {} };

async function open(browser, options) {
  const context = await browser.newContext(options);
  const tab = await context.newPage();
  tab.on("console", message => seen.console.push(message.text()));
  tab.on("pageerror", error => seen.errors.push(String(error)));
  tab.on("request", request => seen.requests.push(request.url()));
  tab.on("dialog", dialog => { seen.errors.push("dialog"); dialog.dismiss(); });
  await tab.goto("file://" + page);
  return tab;
}

const overflow = tab => tab.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

async function picture(tab, name) {
  const bytes = await tab.screenshot(pictures ? { path: path.join(pictures, name + ".png") } : {});
  seen.pictures[name] = bytes.length;
}

// Colours change with the scheme alone, and everything else with the width: what is the same is judged once.
const rules = { phone: { rules: { "color-contrast": { enabled: false } } }, wide: {}, dark: { runOnly: ["color-contrast"] } };

async function judge(tab, name) {
  await tab.evaluate(axe + "; 0");
  const found = await tab.evaluate(of => axe.run(document, { resultTypes: ["violations"], ...of }), rules[name]);
  seen.violations[name] = found.violations.map(each => `${each.id}: ${each.nodes[0].html.slice(0, 150)}`);
  seen.passes = Math.max(seen.passes ?? 0, found.passes.length);
}

async function widths(browser) {
  for (const [name, width, height, colorScheme] of [
    ["phone", 320, 700, "light"], ["tablet", 768, 1000, "dark"], ["wide", 1280, 900, "light"], ["dark", 1280, 900, "dark"]]) {
    const tab = await open(browser, { viewport: { width, height }, colorScheme });
    seen.overflow[name] = await overflow(tab);
    await picture(tab, name);
    // Names change neither the colours nor what fits.
    if (looks === "all" ? rules[name] : name === "wide") {
      await judge(tab, name);
    }

    await tab.context().close();
  }
}

async function print(browser) {
  // A4 without its margins.
  const tab = await open(browser, { viewport: { width: 718, height: 1000 }, colorScheme: "dark" });
  await tab.emulateMedia({ media: "print", colorScheme: "dark" });
  seen.overflow.print = await overflow(tab);
  seen.print = await tab.evaluate(() => ({
    ground: getComputedStyle(document.body).backgroundColor,
    controls: ["nav", "#filter"].filter(each => document.querySelector(each)?.checkVisibility()),
    cut: [...document.querySelectorAll(".wide")].filter(each => each.getBoundingClientRect().width + 1 < each.scrollWidth).length,
  }));
  await picture(tab, "print");
  seen.print.pdf = (await tab.pdf({ format: "A4" })).subarray(0, 5).toString();
  await tab.context().close();
}

async function withoutScript(browser) {
  const tab = await open(browser, { viewport: { width: 1280, height: 900 }, javaScriptEnabled: false });
  seen.withoutScript = {
    filter: await tab.locator("#filter").isVisible(),
    findings: await tab.locator(".findings > li:visible").count(),
    sections: await tab.locator("main section:visible").count(),
  };
  await tab.context().close();
}

async function filter(browser) {
  const tab = await open(browser, { viewport: { width: 1280, height: 900 } });
  const visible = () => tab.locator(".findings > li:visible").count();
  const levels = await tab.locator("#filter input[name=level]").evaluateAll(boxes => boxes.map(box => box.value));
  const [all, said] = [await visible(), await tab.locator("#shown").textContent()];
  seen.filter = { all, said, byLevel: {}, levels };
  for (const level of levels) {
    await tab.locator(`#filter input[value=${level}]`).uncheck();
    seen.filter.byLevel[level] = [all - await visible(), await tab.locator(`.findings > li[data-level=${level}]`).count()];
    await tab.locator(`#filter input[value=${level}]`).check();
  }

  const title = await tab.locator(".findings > li h3 bdi").first().textContent();
  await tab.locator("#contains").fill(title.toUpperCase());
  seen.filter.byText = [await visible(), await tab.locator(".findings > li", { hasText: title }).count()];
  await tab.locator("#contains").fill("nothing has this text");
  seen.filter.none = [await visible(), await tab.locator("#shown").textContent()];
  await tab.locator("#contains").press("Enter");
  seen.filter.stays = tab.url() === "file://" + page;
  // A link to a finding shows it, whatever the filter says.
  await tab.evaluate(() => { location.hash = "finding-0"; });
  await tab.locator("#finding-0").waitFor({ state: "visible" });
  await tab.context().close();
}

async function keyboard(browser) {
  const tab = await open(browser, { viewport: { width: 1280, height: 900 } });
  const wanted = await tab.evaluate(() => [...document.querySelectorAll("a[href], summary, input, [tabindex]")]
    .filter(each => each.tabIndex >= 0 && each.checkVisibility()).length);
  // The page itself writes down what has the focus: to ask it after each key takes three times as long.
  await tab.evaluate(() => {
    window.steps = [];
    addEventListener("focusin", ({ target }) => {
      target.dataset.focused = "";
      steps.push({ name: target.localName, id: target.id, text: target.textContent.slice(0, 40), href: target.getAttribute("href"),
        isMarked: getComputedStyle(target).outlineStyle !== "none" || target.localName === "input" });
    });
  });
  const press = async times => {
    for (let at = 0; at < times; at++) {
      await tab.keyboard.press("Tab");
    }
  };
  await press(wanted + 20);
  const steps = await tab.evaluate(() => window.steps);
  seen.keyboard = { wanted, first: steps[0].text, unmarked: steps.filter(each => !each.isMarked && each.name !== "body") };
  seen.keyboard.reached = await tab.evaluate(() => document.querySelectorAll("[data-focused]:not(body)").length);
  // To the events behind the first figure, and one severity off: by the keyboard alone.
  const figure = steps.findIndex(each => each.href?.startsWith("#list-"));
  await tab.reload();
  await press(figure + 1);
  await tab.keyboard.press("Enter");
  await tab.waitForFunction(to => document.querySelector(to).open, steps[figure].href);
  seen.keyboard.opened = await tab.locator(`${steps[figure].href} li:visible`).count();
  await tab.evaluate(() => { location.hash = ""; });
  await tab.reload();
  await press(steps.findIndex(each => each.name === "input") + 1);
  const before = await tab.locator(".findings > li:visible").count();
  await tab.keyboard.press("Space");
  seen.keyboard.hidden = before - await tab.locator(".findings > li:visible").count();
  await tab.context().close();
}

// Follows the link of every number as somebody does who wants to see what is behind it.
async function numbers(browser) {
  const tab = await open(browser, { viewport: { width: 1280, height: 900 } });
  seen.numbers = await tab.evaluate(async () => {
    const all = [...document.querySelectorAll(".number, td.n, .heat td")].filter(each => !["", "0"].includes(each.textContent.trim()));
    const wrong = [];
    // Each looks the same to the page: a quarter of them, others in each run.
    const first = Math.floor(Math.random() * 4);
    for (const each of all.filter((_, at) => at % 4 === first)) {
      const link = each.querySelector("a[href^='#']");
      if (link && location.hash !== link.hash) {
        const followed = new Promise(done => addEventListener("hashchange", done, { once: true }));
        link.click();
        await followed;
      }

      const target = link && document.getElementById(link.hash.slice(1));
      if (!target?.checkVisibility() || (target.localName === "details" && !(target.open && target.querySelector("li")))) {
        wrong.push(each.outerHTML.slice(0, 200));
      }
    }

    return { all: all.length, wrong: wrong.slice(0, 10) };
  });
  await tab.context().close();
}

async function harm(browser) {
  const tab = await open(browser, { viewport: { width: 1280, height: 900 } });
  seen.harm = await tab.evaluate(() => ({
    harmed: "harmed" in window,
    scripts: document.scripts.length,
    styles: document.querySelectorAll("style").length,
    strangers: [...new Set([...document.querySelectorAll("img, iframe, object, embed, link, base, form[action], template, audio, video")]
      .map(each => each.localName))],
    outside: [...document.querySelectorAll("[href], [src]")].filter(each => !(each.getAttribute("href") ?? "").startsWith("#")).length,
    title: document.title,
  }));
  await tab.context().close();
}

(async () => {
  const browser = await chromium.launch({ executablePath: program, args: ["--no-sandbox"] });
  try {
    for (const look of [widths, print, withoutScript, keyboard, harm, filter, numbers]
      .filter(each => looks === "all" || looks.split(",").includes(each.name))) {
      await look(browser);
    }
  } finally {
    await browser.close();
  }

  console.log(JSON.stringify(seen));
})().catch(error => { console.error(error); process.exit(1); });
