// The page: who is looking, which chat is open, and what arrives in it.
import { messageElement, avatarFor, element } from "./messages.js";
import { escape } from "./markdown.js";
import { setUpUploads } from "./upload.js";
import { setUpPanel } from "./panel.js";

const at = (id) => document.getElementById(id);
const stored = (key, value) => {
  if (value !== undefined) sessionStorage.setItem(key, value);
  return sessionStorage.getItem(key);
};

const page = {
  people: [], groups: [], channels: {}, workbench: false, botName: "", userid: "", channel: "bot", group: null,
  version: 0, seen: {}, quoted: null, shown: new Map(), turn: 0,
  get inGroup() { return this.group !== null; },
  get canQuote() { return this.channel === "bot"; },
  nameOf(userid) { return this.people.find((person) => person.userid.toLowerCase() === userid.toLowerCase())?.name ?? userid; },
  where() { return { userid: this.userid, channel: this.channel, ...(this.group ? { group: this.group } : {}) }; },
  async post(path, body) {
    const answer = await fetch(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
    if (!answer.ok) notice("没有发出去，请再试一次。");
    return answer;
  },
  say(text) {
    const quote = this.quoted?.number;
    dropQuote();
    return this.post("/sim/say", { ...this.where(), text, quote });
  },
  press(message, key, selected) { return this.post("/sim/press", { userid: this.userid, number: message.number, key, selected }); },
  rate(message, type) { return this.post("/sim/feedback", { ...this.where(), number: message.number, type }); },
  quote(message) {
    this.quoted = message;
    at("quote-text").textContent = `引用：${message.text.slice(0, 60)}`;
    at("quote-bar").hidden = false;
    at("composer").focus();
  },
};

function notice(text) {
  at("messages").append(element("p", "note notice", escape(text)));
  toEnd();
}

function dropQuote() {
  page.quoted = null;
  at("quote-bar").hidden = true;
}

const chatKey = () => page.group ?? page.channel;
const nearEnd = () => at("messages").scrollHeight - at("messages").scrollTop - at("messages").clientHeight < 120;
function toEnd() {
  at("messages").scrollTop = at("messages").scrollHeight;
  at("to-end").hidden = true;
}

function buildPeople() {
  const places = new Map();
  for (const person of page.people) {
    const place = person.name.split(/\s+/)[0];
    places.set(place, [...(places.get(place) ?? []), person]);
  }
  for (const [place, people] of places) {
    at("people").append(element("h2", "", escape(place)));
    for (const person of people) at("people").append(personButton(person, place));
  }
}

function personButton(person, place) {
  const avatar = avatarFor(person.name);
  const role = person.name.split(/\s+/).slice(1).join(" ") || place;
  const button = element("button", "person", `<span class="${avatar.className}" aria-hidden="true">${escape(avatar.text)}</span>` +
    `<span class="who"><b>${escape(role)}</b><small>${escape(person.note || "未登记学校")}` +
    `${person.in_app_scope ? "" : " · 应用不可见"}</small></span><span class="badge" hidden></span>`);
  button.type = "button";
  button.dataset.userid = person.userid;
  button.addEventListener("click", () => choosePerson(person.userid));
  return button;
}

function markPeople(incoming = {}) {
  for (const button of at("people").querySelectorAll(".person")) {
    const { userid } = button.dataset;
    const current = userid === page.userid;
    if (current) button.setAttribute("aria-current", "true");
    else button.removeAttribute("aria-current");
    if (!(userid in incoming)) continue;
    if (current) stored(`read:${userid}`, incoming[userid]);
    const unread = incoming[userid] - Number(stored(`read:${userid}`) ?? 0);
    const badge = button.querySelector(".badge");
    badge.hidden = unread <= 0;
    badge.textContent = String(Math.min(unread, 99));
  }
  at("people-dot").hidden = !at("people").querySelector(".badge:not([hidden])");
}

function buildChannels() {
  const tabs = [["bot", "智能机器人"], ["app", "自建应用"], ...page.groups.map((group) => [group.chatid, group.name])];
  for (const [key, label] of tabs) {
    const button = element("button", "channel", `${escape(label)}<span class="dot" hidden></span>`);
    const single = key === "bot" || key === "app";
    Object.assign(button, { type: "button", id: single ? `channel-${key}` : `group-${key}` });
    button.dataset.key = key;
    button.setAttribute("role", "tab");
    if (!single) button.dataset.group = key;
    button.addEventListener("click", () => openChat(key));
    at("channels").append(button);
  }
}

function markChannels(heads) {
  for (const button of at("channels").querySelectorAll(".channel")) {
    const { key } = button.dataset;
    const open = key === chatKey();
    button.setAttribute("aria-selected", String(open));
    if (!heads) continue;
    const seen = `seen:${page.userid}:${key}`;
    const count = heads[key]?.incoming ?? 0;
    if (open) stored(seen, count);
    button.querySelector(".dot").hidden = open || count <= Number(stored(seen) ?? 0);
  }
}

function drawTitle() {
  const titles = { bot: page.botName, app: `${page.botName}（应用）` };
  const group = page.groups.find((known) => known.chatid === page.group);
  at("chat-title").textContent = group ? group.name : titles[page.channel];
  const kind = group ? "群聊 · 说话时自动 @机器人" : page.channel === "bot" ? "智能机器人" : "自建应用";
  at("chat-subtitle").textContent = `${kind} · ${page.nameOf(page.userid)}`;
  document.title = `${page.nameOf(page.userid)} · ${at("chat-title").textContent}`;
}

// Opens the app's home page as this person; it is not there for whom the app is not visible.
function drawWorkbench() {
  const person = page.people.find((known) => known.userid === page.userid);
  at("workbench").hidden = !page.workbench || !person.in_app_scope;
  at("workbench").href = `/sim/workbench?${new URLSearchParams({ userid: page.userid })}`;
}

function openChat(key) {
  page.group = page.groups.some((group) => group.chatid === key) ? key : null;
  page.channel = key === "app" ? "app" : "bot";
  stored("chat", key);
  page.version = 0;
  page.shown.clear();
  at("messages").replaceChildren();
  dropQuote();
  drawTitle();
  markChannels();
  const turn = ++page.turn;
  if (key === "bot") page.post("/sim/enter", page.where());
  follow(turn);
}

function choosePerson(userid) {
  page.userid = userid;
  stored("person", userid);
  document.cookie = `simulated_person=${encodeURIComponent(userid)}; SameSite=Lax; path=/`;
  document.body.classList.remove("show-people");
  at("people-toggle").setAttribute("aria-expanded", "false");
  at("veil").hidden = true;
  markPeople();
  drawWorkbench();
  for (const dot of at("channels").querySelectorAll(".dot")) dot.hidden = true;
  openChat(chatKey());
}

function separator(seconds, before) {
  if (before && seconds - before < 300) return null;
  const time = new Date(seconds * 1000);
  const text = time.toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit", hour12: false });
  return element("time", "note time", text);
}

function place(message, first) {
  const made = messageElement(message, page);
  const known = page.shown.get(message.number);
  if (known) known.element.replaceWith(made);
  else {
    const line = separator(message.at, page.lastAt);
    if (line) at("messages").append(line);
    page.lastAt = message.at;
    if (!first) made.classList.add("fresh");
    at("messages").append(made);
  }
  page.shown.set(message.number, { element: made, message });
}

async function follow(turn) {
  page.lastAt = 0;
  let first = true;
  while (turn === page.turn) {
    const query = new URLSearchParams({ ...page.where(), after: page.version, wait: first ? 0 : 20 });
    try {
      const answer = await fetch(`/sim/updates?${query}`);
      const news = await answer.json();
      if (turn !== page.turn) return;
      const stay = first || nearEnd();
      for (const message of news.messages) place(message, first);
      page.version = news.version;
      markChannels(news.heads);
      markPeople(news.incoming);
      if (stay) toEnd();
      else if (news.messages.length) at("to-end").hidden = false;
      first = false;
    } catch {
      await new Promise((wake) => setTimeout(wake, 1500));
    }
  }
}

function grow() {
  const box = at("composer");
  box.style.height = "auto";
  box.style.height = `${Math.min(box.scrollHeight, 120)}px`;
  at("send").disabled = !box.value.trim();
}

function send() {
  const text = at("composer").value.trim();
  if (!text) return;
  at("composer").value = "";
  grow();
  toEnd();
  page.say(text);
}

function showMenu(open) {
  at("plus-menu").hidden = !open;
  at("plus").setAttribute("aria-expanded", String(open));
  if (open) toEnd();
}

function setUpComposer() {
  at("composer").addEventListener("input", grow);
  at("composer").addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      send();
    }
  });
  at("send").addEventListener("click", send);
  at("quote-drop").addEventListener("click", dropQuote);
  at("to-end").addEventListener("click", toEnd);
  at("messages").addEventListener("scroll", () => { if (nearEnd()) at("to-end").hidden = true; });
  at("messages").addEventListener("click", () => showMenu(false));
  at("plus").addEventListener("click", () => showMenu(at("plus-menu").hidden));
  for (const button of at("plus-menu").querySelectorAll("[data-sample]")) {
    button.addEventListener("click", () => {
      showMenu(false);
      page.post("/sim/sample", { ...page.where(), kind: button.dataset.sample });
    });
  }
  for (const button of at("plus-menu").querySelectorAll("[data-pick]")) {
    button.addEventListener("click", () => {
      showMenu(false);
      at(`${button.dataset.pick}-input`).click();
    });
  }
}

function setUpSides() {
  const toggle = (button, className) => at(button).addEventListener("click", () => {
    const open = document.body.classList.toggle(className);
    at(button).setAttribute("aria-expanded", String(open));
    at("veil").hidden = !open;
  });
  toggle("people-toggle", "show-people");
  toggle("panel-toggle", "show-panel");
  for (const id of ["veil", "panel-close"]) {
    at(id).addEventListener("click", () => {
      document.body.classList.remove("show-people", "show-panel");
      at("veil").hidden = true;
    });
  }
  const tick = () => { at("clock").textContent = new Date().toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit", hour12: false }); };
  tick();
  setInterval(tick, 10000);
}

async function start() {
  const state = await (await fetch("/sim/state")).json();
  Object.assign(page, { people: state.people, groups: state.groups, channels: state.channels, workbench: state.workbench, botName: state.bot_name });
  buildPeople();
  buildChannels();
  setUpComposer();
  setUpSides();
  setUpUploads(page, toEnd);
  setUpPanel(page, state);
  const wanted = stored("person");
  const chat = stored("chat");
  page.channel = chat === "app" ? "app" : "bot";
  page.group = state.groups.some((group) => group.chatid === chat) ? chat : null;
  if (!page.people.length) {
    notice("还没有人员：请用 --people 给出名单。");
    return;
  }
  choosePerson(page.people.some((person) => person.userid === wanted) ? wanted : page.people[0].userid);
}

start();
