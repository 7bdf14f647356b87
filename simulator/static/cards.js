// Template cards: the five kinds, with their buttons, check boxes and selectors.
import { escape } from "./markdown.js";

const make = (tag, className, text) => {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
};

const linked = (url) => /^https?:\/\//.test(url ?? "");

function linkElement(className, text, url) {
  const link = make("a", className, text);
  Object.assign(link, { href: url, target: "_blank", rel: "noopener noreferrer" });
  return link;
}

function head(card, box) {
  if (card.source?.desc) box.append(make("div", `card-source c-${card.source.desc_color ?? 0}`, card.source.desc));
  if (card.main_title?.title) box.append(make("h3", "", card.main_title.title));
  if (card.main_title?.desc) box.append(make("p", "card-desc", card.main_title.desc));
  if (card.emphasis_content?.title) {
    const emphasis = make("div", "card-emphasis");
    emphasis.append(make("b", "", card.emphasis_content.title), make("small", "", card.emphasis_content.desc ?? ""));
    box.append(emphasis);
  }
  if (card.quote_area?.quote_text) box.append(make("blockquote", "", card.quote_area.quote_text));
  if (card.sub_title_text) box.append(make("p", "card-sub", card.sub_title_text));
}

function lists(card, box, page) {
  if (card.horizontal_content_list?.length) {
    const list = make("dl");
    for (const item of card.horizontal_content_list) {
      const value = make("dd");
      if (item.type === 1 && linked(item.url)) value.append(linkElement("", item.value ?? item.url, item.url));
      else value.textContent = item.value ?? "";
      list.append(make("dt", "", item.keyname), value);
    }
    box.append(list);
  }
  for (const item of card.vertical_content_list ?? []) {
    const row = make("div", "card-row");
    row.append(make("b", "", item.title), make("small", "", item.desc ?? ""));
    box.append(row);
  }
  for (const jump of card.jump_list ?? []) {
    if (jump.type === 1 && linked(jump.url)) box.append(linkElement("card-jump", jump.title, jump.url));
    else if (jump.type === 3) {
      const ask = make("button", "card-jump", jump.title);
      ask.type = "button";
      ask.addEventListener("click", () => page.say(jump.question));
      box.append(ask);
    } else box.append(make("div", "card-jump", jump.title));
  }
  if (linked(card.card_action?.url)) box.append(linkElement("card-jump", "查看详情", card.card_action.url));
}

function checkbox(part, box, chosen) {
  const group = make("fieldset");
  group.append(make("legend", "", part.mode === 1 ? "可多选" : "请选择"));
  const many = part.mode === 1;
  const name = `q-${Math.random().toString(36).slice(2)}`;
  for (const option of part.option_list) {
    const label = make("label");
    const input = Object.assign(make("input"), { type: many ? "checkbox" : "radio", name, value: option.id, checked: !!option.is_checked });
    label.append(input, make("span", "", option.text));
    group.append(label);
  }
  box.append(group);
  chosen.push(() => [part.question_key, [...group.querySelectorAll("input:checked")].map((input) => input.value)]);
}

function select(part, box, chosen) {
  const label = make("label", "card-select");
  label.append(make("span", "", part.title ?? ""));
  const input = make("select");
  for (const option of part.option_list) {
    input.append(Object.assign(make("option", "", option.text), { value: option.id, selected: option.id === part.selected_id }));
  }
  label.append(input);
  box.append(label);
  chosen.push(() => [part.question_key, [input.value]]);
}

function button(text, className, act) {
  const made = make("button", `card-button ${className}`, text);
  made.type = "button";
  made.addEventListener("click", act);
  return made;
}

export function cardElement(message, page) {
  const card = message.card;
  const box = make("div", "card");
  box.setAttribute("aria-label", `卡片：${escape(card.main_title?.title ?? "")}`);
  head(card, box);
  lists(card, box, page);
  const chosen = [];
  const done = Boolean(card.replaced);
  if (!done) {
    if (card.button_selection) select(card.button_selection, box, chosen);
    if (card.checkbox) checkbox(card.checkbox, box, chosen);
    for (const part of card.select_list ?? []) select(part, box, chosen);
  }
  const row = make("div", "card-buttons");
  const press = (key, made) => {
    made.classList.add("waiting");
    page.press(message, key, Object.fromEntries(chosen.map((read) => read()))).finally(() => made.classList.remove("waiting"));
  };
  if (done) row.append(Object.assign(button(card.replaced, "done", () => {}), { disabled: true }));
  else {
    for (const item of card.button_list ?? []) {
      if (item.type === 1 && linked(item.url)) row.append(linkElement(`card-button s-${item.style ?? 1}`, item.text, item.url));
      else {
        const made = button(item.text, `s-${item.style ?? 1}`, () => press(item.key, made));
        made.dataset.key = item.key;
        row.append(made);
      }
    }
    if (card.submit_button) {
      const made = button(card.submit_button.text, "s-1", () => press(card.submit_button.key, made));
      made.dataset.key = card.submit_button.key;
      row.append(made);
    }
  }
  if (row.children.length) box.append(row);
  return box;
}
