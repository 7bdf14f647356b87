// One shown message as an element; what it looks like depends on its kind.
import { cardElement } from "./cards.js";
import { escape, renderMarkdown, renderText } from "./markdown.js";

const BADGES = { doc: "w", docx: "w", wps: "w", pdf: "p", xls: "x", xlsx: "x", ppt: "o", pptx: "o", mp4: "v", mov: "v", zip: "z", rar: "z" };
const LETTERS = { w: "W", p: "PDF", x: "X", o: "P", v: "▶", z: "ZIP", d: "文" };

export const element = (tag, className, html) => {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (html !== undefined) made.innerHTML = html;
  return made;
};

export function size(bytes) {
  if (bytes >= 1048576) return `${(bytes / 1048576).toFixed(1)} MB`;
  return bytes >= 1024 ? `${Math.round(bytes / 1024)} KB` : `${bytes} B`;
}

export function avatarFor(name, kind) {
  if (kind === "bot") return { text: "案", className: "avatar bot" };
  if (kind === "app") return { text: "征", className: "avatar app" };
  const words = name.split(/\s+/);
  const hue = [...words[0]].reduce((sum, mark) => (sum * 31 + mark.codePointAt(0)) % 997, 7) % 6;
  return { text: (words[1] ?? words[0]).slice(0, 2), className: `avatar hue-${hue}` };
}

export function fileBox({ id, name, size: bytes }, note) {
  const kind = BADGES[(name.split(".").pop() || "").toLowerCase()] ?? "d";
  const box = element("a", "file-box");
  if (id) {
    box.href = `/sim/download/${encodeURIComponent(id)}`;
    box.setAttribute("download", name);
    box.setAttribute("aria-label", `下载 ${name}`);
  }
  box.innerHTML = `<span class="file-text"><b>${escape(name)}</b><small>${escape(note ?? size(bytes))}</small></span>` +
    `<span class="file-badge b-${kind}">${LETTERS[kind]}</span>`;
  return box;
}

function newsBox(articles) {
  const box = element("div", "news");
  for (const article of articles) {
    const row = element(/^https?:\/\//.test(article.url ?? "") ? "a" : "div", "news-row");
    if (row.tagName === "A") Object.assign(row, { href: article.url, target: "_blank", rel: "noopener noreferrer" });
    row.innerHTML = `<b>${escape(article.title)}</b><small>${escape(article.description)}</small>`;
    box.append(row);
  }
  return box;
}

function textCard(details) {
  const html = escape(details.description).replace(/&lt;br\s*\/?&gt;/g, "<br>").replace(
    /&lt;div class=&quot;(gray|normal|highlight)&quot;&gt;([\s\S]*?)&lt;\/div&gt;/g, '<div class="tc-$1">$2</div>');
  const box = element("a", "text-card", `<b>${escape(details.title)}</b><div class="tc-body">${html.replace(/\n/g, "<br>")}</div>` +
    `<span class="tc-more">${escape(details.btntxt)}<i></i></span>`);
  Object.assign(box, { href: details.url, target: "_blank", rel: "noopener noreferrer" });
  return box;
}

const plain = (message) => element("div", "bubble", renderText(message.text));

const BODIES = {
  text: plain,
  markdown: (message) => {
    const bubble = element("div", "bubble markdown", renderMarkdown(message.text, { subset: message.author === "app" }));
    for (const source of message.images) {
      const picture = element("img", "picture");
      Object.assign(picture, { src: source, alt: "图片" });
      bubble.append(picture);
    }
    if (!message.finished && !message.expired) bubble.append(element("span", "caret", "<i></i><i></i><i></i>"));
    if (message.expired) bubble.append(element("p", "expired", "（回答未在规定时间内完成）"));
    return bubble;
  },
  image: (message) => {
    const picture = element("img", "picture");
    Object.assign(picture, { src: `/sim/download/${encodeURIComponent(message.attachment.id)}?inline=1`, alt: message.attachment.name });
    return picture;
  },
  file: (message) => fileBox(message.attachment),
  video: (message) => fileBox(message.attachment, `视频 · ${size(message.attachment.size)}`),
  voice: (message) => element("div", "bubble voice", `<span class="wave" aria-hidden="true"><i></i><i></i><i></i></span>语音 3″<small>${escape(message.text)}</small>`),
  mixed: plain,
  link: (message) => element("div", "bubble link", `<b>${escape(message.text)}</b><small>${escape(message.details.url)}</small>`),
  location: (message) => element("div", "place", `<span>${escape(message.text)}</span><i aria-hidden="true"></i>`),
  unknown: (message) => element("div", "bubble muted", `[暂不支持的消息：${escape(message.text)}]`),
  news: (message) => newsBox(message.details.articles),
  textcard: (message) => textCard(message.details),
};

// `page` knows who is looking and carries out what is tapped.
export function messageElement(message, page) {
  const row = element("article", `message from-${message.author}`);
  Object.assign(row.dataset, { number: message.number, author: message.author, kind: message.kind, finished: message.finished });
  if (message.author === "platform") {
    row.append(element("p", `note ${message.kind}`, escape(message.text)));
    return row;
  }
  if (message.recalled) {
    row.append(element("p", "note", "对方撤回了一条消息"));
    return row;
  }
  const mine = message.author === "person" && message.userid === page.userid;
  if (mine) row.classList.add("mine");
  const name = message.author === "person" ? page.nameOf(message.userid) : page.botName;
  const avatar = avatarFor(name, message.author);
  const face = element("span", avatar.className, escape(avatar.text));
  face.setAttribute("aria-hidden", "true");
  const body = element("div", "body");
  if (!mine && page.inGroup) body.append(element("small", "name", escape(name)));
  if (message.quote) body.append(element("div", "quoted", escape(message.quote.slice(0, 80))));
  body.append(message.kind === "card" ? cardElement(message, page) : (BODIES[message.kind] ?? plain)(message));
  if (message.finished) body.append(tools(message, page));
  row.append(face, body);
  return row;
}

function tools(message, page) {
  const bar = element("div", "tools");
  const add = (label, act, pressed) => {
    const button = element("button", pressed ? "on" : "", label);
    button.type = "button";
    button.addEventListener("click", act);
    bar.append(button);
  };
  if (message.feedback_id) {
    add("准确", () => page.rate(message, 1), message.details.rated === 1);
    add("不准确", () => page.rate(message, 2), message.details.rated === 2);
  }
  if (page.canQuote && ["text", "markdown", "file", "image"].includes(message.kind)) add("引用", () => page.quote(message));
  return bar;
}
