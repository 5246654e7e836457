// The little of CSS that the build needs: read it into rules, drop selectors, print it short.

/** Read `text` into a list of {head, body} blocks and {head} statements; `body` is a list, or a string of declarations. */
export function parse(text) {
  let at = 0;
  const skipString = (quote) => {
    for (at += 1; at < text.length && text[at] !== quote; at += 1) if (text[at] === "\\") at += 1;
    at += 1;
  };
  const readUntil = (stops) => {
    const start = at;
    let depth = 0;
    let out = "";
    let from = start;
    while (at < text.length) {
      const c = text[at];
      if (c === '"' || c === "'") skipString(c);
      else if (text.startsWith("/*", at)) {
        out += text.slice(from, at);
        at = text.indexOf("*/", at) + 2;
        from = at;
      } else if (depth === 0 && stops.includes(c)) break;
      else {
        if (c === "(") depth += 1;
        if (c === ")") depth -= 1;
        at += 1;
      }
    }
    return (out + text.slice(from, at)).trim();
  };
  const holdsRules = (head) => /^@(media|supports|layer|container)\b/.test(head);
  const readDeclarations = () => {
    const parts = [];
    for (;;) {
      const part = readUntil(";{}");
      if (text[at] === "{") {
        at += 1; // a margin box inside @page
        parts.push(`${part}{${readDeclarations()}}`);
      } else if (text[at] === ";") {
        at += 1;
        if (part) parts.push(part);
      } else {
        at += 1;
        if (part) parts.push(part);
        return parts.join(";");
      }
    }
  };
  const readRules = (inside) => {
    const rules = [];
    for (;;) {
      const head = readUntil("{};");
      if (at >= text.length) return rules;
      const stop = text[at];
      at += 1;
      if (stop === "}") {
        if (!inside) throw new Error("a closing brace too many");
        return rules;
      }
      if (stop === ";") rules.push({ head });
      else if (holdsRules(head)) rules.push({ head, body: readRules(true) });
      else if (/^@(-webkit-)?keyframes\b/.test(head)) rules.push({ head, body: readRules(true) });
      else rules.push({ head, body: readDeclarations() });
    }
  };
  return readRules(false);
}

/** The same rules without the selectors that `wanted` refuses, and without blocks left empty. */
export function keep(rules, wanted) {
  const kept = [];
  for (const rule of rules) {
    if (rule.body === undefined || /^@(page|keyframes|-webkit-keyframes)\b/.test(rule.head)) kept.push(rule);
    else if (Array.isArray(rule.body)) {
      const body = keep(rule.body, wanted);
      if (body.length) kept.push({ head: rule.head, body });
    } else {
      const head = selectors(rule.head).filter(wanted).join(",");
      if (head) kept.push({ head, body: rule.body });
    }
  }
  return kept;
}

/** Split a selector list at its own commas, not at those inside brackets. */
function selectors(head) {
  const found = [];
  let depth = 0;
  let last = 0;
  for (let i = 0; i < head.length; i += 1) {
    if (head[i] === "(" || head[i] === "[") depth += 1;
    if (head[i] === ")" || head[i] === "]") depth -= 1;
    if (head[i] === "," && depth === 0) {
      found.push(head.slice(last, i).trim());
      last = i + 1;
    }
  }
  return [...found, head.slice(last).trim()];
}

/** Print rules on as few bytes as is safe: strings are left alone, runs of blanks become one. */
export function print(rules) {
  return rules
    .map(({ head, body }) => {
      const start = squeeze(head);
      if (body === undefined) return `${start};`;
      return `${start}{${Array.isArray(body) ? print(body) : squeeze(body)}}`;
    })
    .join("");
}

function squeeze(text) {
  return text
    .split(/("(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')/)
    .map((part, i) => {
      if (i % 2) return part;
      return part
        .replace(/\s+/g, " ")
        .replace(/\s*([{};,])\s*/g, "$1")
        .replace(/(^|[{;])([-\w]+)\s*:\s*/g, "$1$2:");
    })
    .join("");
}
