// Makes the pictures of the README: NODE_PATH=… node pictures.js CHROMIUM PAGE FOLDER
"use strict";
const path = require("path");
const { chromium } = require("playwright-core");

const [program, page, folder] = process.argv.slice(2);

(async () => {
  const browser = await chromium.launch({ executablePath: program, args: ["--no-sandbox"] });
  try {
    const light = await browser.newPage({ viewport: { width: 960, height: 780 }, colorScheme: "light" });
    await light.goto("file://" + path.resolve(page));
    await light.screenshot({ path: path.join(folder, "report.png") });
    const dark = await browser.newPage({ viewport: { width: 760, height: 420 }, colorScheme: "dark" });
    await dark.goto("file://" + path.resolve(page) + "#hours");
    await dark.screenshot({ path: path.join(folder, "report-hours.png") });
  } finally {
    await browser.close();
  }
})().catch(error => { console.error(error); process.exit(1); });
