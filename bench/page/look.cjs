// Looks at pages of a release in a real browser: at three sizes, light and dark, with the folded parts open, and on paper.
//
// It says every fault that axe-core and html-validate find, every line that does not fit, and everything that a page asks
// of the network; it ends with 1 when there is one. results.md says how it is run and what it found last.
//
//   node look.cjs [--pictures FOLDER] PAGE.html...
//
// Its three packages come from NODE_PATH; CHROMIUM names the browser.

const fs = require("node:fs");
const path = require("node:path");
const { pathToFileURL } = require("node:url");
const puppeteer = require("puppeteer-core");
const { HtmlValidate } = require("html-validate");

const SIZES = { phone: [390, 844], laptop: [1280, 800], wide: [1920, 1080] };
const SCHEMES = ["light", "dark"];
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const AXE = fs.readFileSync(require.resolve("axe-core/axe.min.js"), "utf-8");

/** Give what html-validate has against a page; its rules of layout are left out: nobody reads the source. */
async function invalid(file) {
  const validator = new HtmlValidate({
    extends: ["html-validate:recommended"],
    rules: { "long-title": "off", "no-trailing-whitespace": "off", "doctype-style": "off" },
  });
  const report = await validator.validateFile(file);
  const told = report.results.flatMap((result) => result.messages);
  return told.map((one) => `html-validate ${one.ruleId}: ${one.message} (line ${one.line}, column ${one.column})`);
}

/** Give what axe-core has against the page as it is shown now. */
async function inaccessible(tab) {
  await tab.evaluate(AXE);
  const found = await tab.evaluate((tags) => window.axe.run({ runOnly: { type: "tag", values: tags } }), RULES);
  return found.violations.flatMap((one) =>
    one.nodes.map((node) => `axe-core ${one.id}: ${one.help} (${node.target.join(" ")})`),
  );
}

/** Give what is wider than the screen: the page must never have to be moved sideways. */
async function overflowing(tab) {
  const [inner, outer] = await tab.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth]);
  return inner > outer ? [`the page is ${inner} wide on a screen of ${outer}`] : [];
}

async function look(browser, file, pictures) {
  const faults = await invalid(file);
  const name = path.basename(file, ".html");
  const tab = await browser.newPage();
  await tab.setBypassCSP(true);
  tab.on("request", (asked) => asked.url().startsWith("file:") || faults.push(`it asks for ${asked.url()}`));
  for (const [size, [width, height]] of Object.entries(SIZES)) {
    for (const scheme of SCHEMES) {
      await tab.setViewport({ width, height });
      await tab.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
      await tab.goto(pathToFileURL(path.resolve(file)).href);
      const say = (found) => faults.push(...found.map((one) => `${size}, ${scheme}: ${one}`));
      say(await overflowing(tab));
      if (pictures) {
        await tab.screenshot({ path: path.join(pictures, `${name}-${size}-${scheme}.png`) });
        await tab.screenshot({ path: path.join(pictures, `${name}-${size}-${scheme}-whole.png`), fullPage: true });
      }
      say(await inaccessible(tab));
      await tab.evaluate(() => document.querySelectorAll("details").forEach((one) => (one.open = true)));
      say(await inaccessible(tab));
      say(await overflowing(tab));
    }
  }
  if (pictures) {
    await tab.goto(pathToFileURL(path.resolve(file)).href);
    await tab.pdf({ path: path.join(pictures, `${name}.pdf`), format: "A4", printBackground: true });
  }
  await tab.close();
  return [...new Set(faults)];
}

async function main(words) {
  const at = words.indexOf("--pictures");
  const [, pictures] = at < 0 ? [] : words.splice(at, 2);
  if (!words.length) {
    console.error("name the pages to look at: node look.cjs [--pictures FOLDER] PAGE.html...");
    return 2;
  }
  if (pictures) fs.mkdirSync(pictures, { recursive: true });
  const executablePath = process.env.CHROMIUM || "/usr/bin/chromium";
  const browser = await puppeteer.launch({ executablePath, args: ["--no-sandbox"] });
  let count = 0;
  for (const file of words) {
    const faults = await look(browser, file, pictures);
    count += faults.length;
    console.log(`${file}: ${faults.length ? "" : "no fault"}`);
    faults.forEach((fault) => console.log(`  - ${fault}`));
  }
  await browser.close();
  return count ? 1 : 0;
}

main(process.argv.slice(2)).then((code) => process.exit(code));
