// Markdown of the AI bot and the smaller subset of app messages, to safe HTML: everything is escaped first, and only
// http(s) addresses become links.

const MARKS = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

export const escape = (text) => String(text ?? "").replace(/[&<>"']/g, (mark) => MARKS[mark]);

const anchor = (url, text) => `<a href="${url}" target="_blank" rel="noopener noreferrer">${text}</a>`;

// A bare address ends before Chinese punctuation and closing brackets.
const BARE = /(^|[^"'=\w/])(https?:\/\/[\w\-.~:/?#@!$&*+,;=%]+)/g;

function inline(escaped) {
  const kept = [];
  const keep = (html) => `\u0000${kept.push(html) - 1}\u0000`;
  let text = escaped.replace(/`([^`\n]+)`/g, (_, code) => keep(`<code>${code}</code>`));
  text = text.replace(/\[([^\]\n]+)\]\((https?:\/\/[^\s)]+)\)/g, (_, label, url) => keep(anchor(url, label)));
  text = text.replace(BARE, (_, before, url) => before + keep(anchor(url, url)));
  text = text.replace(/\*\*([^*\n]+)\*\*/g, "<strong>$1</strong>");
  text = text.replace(/&lt;font color=&quot;(info|comment|warning)&quot;&gt;([\s\S]*?)&lt;\/font&gt;/g,
    (_, colour, inner) => `<span class="font-${colour}">${inner}</span>`);
  return text.replace(/\u0000(\d+)\u0000/g, (_, place) => kept[Number(place)]);
}

const cells = (line) => line.trim().replace(/^\||\|$/g, "").split("|").map((cell) => inline(cell.trim()));

function table(lines, start) {
  let end = start + 2;
  while (end < lines.length && lines[end].includes("|")) end += 1;
  const head = cells(lines[start]).map((cell) => `<th>${cell}</th>`).join("");
  const rows = lines.slice(start + 2, end)
    .map((line) => `<tr>${cells(line).map((cell) => `<td>${cell}</td>`).join("")}</tr>`).join("");
  return [`<div class="table"><table><thead><tr>${head}</tr></thead><tbody>${rows}</tbody></table></div>`, end];
}

function run(lines, start, pattern, wrap) {
  let end = start;
  const found = [];
  while (end < lines.length && pattern.test(lines[end])) found.push(lines[end++].replace(pattern, ""));
  return [wrap(found), end];
}

function rich(lines, at) {
  const line = lines[at];
  if (/^```/.test(line)) {
    let end = at + 1;
    while (end < lines.length && !/^```/.test(lines[end])) end += 1;
    return [`<pre>${lines.slice(at + 1, end).join("\n")}</pre>`, end + 1];
  }
  if (/^\s*(---+|\*\*\*+)\s*$/.test(line)) return ["<hr>", at + 1];
  if (line.includes("|") && /^\s*\|?[\s:|-]*-[\s:|-]*\|?\s*$/.test(lines[at + 1] ?? "") && (lines[at + 1] ?? "").includes("|")) {
    return table(lines, at);
  }
  const list = (tag) => (items) => `<${tag}>${items.map((item) => `<li>${inline(item)}</li>`).join("")}</${tag}>`;
  if (/^\s*[-*+] /.test(line)) return run(lines, at, /^\s*[-*+] /, list("ul"));
  if (/^\s*\d+\. /.test(line)) {
    const first = Number(line.trim().split(".")[0]);
    return run(lines, at, /^\s*\d+\. /, (items) => list("ol")(items).replace("<ol>", `<ol start="${first}">`));
  }
  return null;
}

function blocks(source, subset) {
  const lines = escape(source).split("\n");
  const html = [];
  let at = 0;
  while (at < lines.length) {
    const special = subset ? null : rich(lines, at);
    const heading = /^(#{1,6})\s+(.*)$/.exec(lines[at]);
    if (special) {
      html.push(special[0]);
      at = special[1];
    } else if (heading) {
      html.push(`<h${heading[1].length}>${inline(heading[2])}</h${heading[1].length}>`);
      at += 1;
    } else if (/^&gt; ?/.test(lines[at])) {
      const [quote, end] = run(lines, at, /^&gt; ?/, (rows) => `<blockquote>${rows.map(inline).join("<br>")}</blockquote>`);
      html.push(quote);
      at = end;
    } else {
      html.push(lines[at].trim() ? `<p>${inline(lines[at])}</p>` : '<p class="gap"></p>');
      at += 1;
    }
  }
  return html.join("");
}

export function renderMarkdown(source, { subset = false } = {}) {
  const parts = String(source ?? "").split(/<think>([\s\S]*?)(?:<\/think>|$)/);
  return parts.map((part, place) => {
    if (place % 2 === 0) return part ? blocks(part.replace(/^\n+|\n+$/g, ""), subset) : "";
    return `<details class="think"><summary>思考过程</summary>${blocks(part.trim(), subset)}</details>`;
  }).join("");
}

export function renderText(source) {
  const tagged = escape(source).replace(
    /&lt;a href=(?:&quot;|&#39;)(https?:\/\/.*?)(?:&quot;|&#39;)&gt;([\s\S]*?)&lt;\/a&gt;/g,
    (_, url, label) => anchor(url, label));
  return tagged.split(/(<a [\s\S]*?<\/a>)/).map((piece, place) =>
    place % 2 ? piece : piece.replace(BARE, (_, before, url) => before + anchor(url, url))).join("");
}
