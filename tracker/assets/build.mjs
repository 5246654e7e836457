// Usage: node build.mjs TARGET. Writes the stylesheets, scripts, icon and notices that the pages use.
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { keep, parse, print } from "./css.mjs";

const target = process.argv[2];
const read = (path) => readFileSync(path, "utf8");
const write = (name, text) => writeFileSync(join(target, name), text.endsWith("\n") ? text : `${text}\n`);
const version = (name) => JSON.parse(read(`node_modules/${name}/package.json`)).version;
const ourFont = (css) => css.replaceAll("GDS Transport,arial,sans-serif", "var(--app-font,sans-serif)");

// GOV.UK's own header, footer and cookie banner are not ours to use, and the crest comes with them.
const govukWanted = (selector) =>
  selector !== "@font-face" && !/\.govuk-(header|footer|cookie-banner|phase-banner)(?![a-z])/.test(selector);
// Of the Ministry of Justice's set we use these; its copies of GOV.UK's colours would overrule ours.
const mojWanted = (selector) =>
  /\.moj-(timeline|sub-navigation|alert|interruption-card|add-another)(?![a-z])/.test(selector) &&
  !selector.includes("timeline__document"); // its icon is a picture we do not carry

function stylesheet(from, wanted) {
  return `@charset "UTF-8";${print(keep(parse(ourFont(read(from))), wanted)).replace(/@charset "UTF-8";/g, "")}`;
}

mkdirSync(target, { recursive: true });
const govuk = "node_modules/govuk-frontend/dist/govuk";
write("govuk-frontend.css", stylesheet(`${govuk}/govuk-frontend.min.css`, govukWanted));
write("moj-frontend.css", stylesheet("node_modules/@ministryofjustice/frontend/moj/moj-frontend.min.css", mojWanted));

// No element carries a style attribute, so the length of a bar is a class.
const widths = Array.from({ length: 101 }, (_, n) => `.w-${n}{width:${n}%}`).join("");
write("app.css", stylesheet("app.css", () => true) + widths);

write("govuk-frontend.min.js", read(`${govuk}/govuk-frontend.min.js`).replace(/\/\/# sourceMappingURL=.*\s*$/, ""));
write("app.js", read("app.js").replace("VERSION", version("govuk-frontend")));
for (const name of ["start.js", "favicon.svg", "THIRD_PARTY_NOTICES.txt"]) copyFileSync(name, join(target, name));
