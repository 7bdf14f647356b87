// The side panel: the ledger's last events and the fault knobs.
import { element } from "./messages.js";
import { escape } from "./markdown.js";

const at = (id) => document.getElementById(id);
const LINES = 120;

const WORDS = {
  callback: "回调", try: "尝试", reply: "回复", refresh: "刷新", violation: "违反协议", not_delivered: "未送达", api: "调用接口",
  accepted: "接受发送", delivered: "已送达", duplicate: "重复", dropped: "丢弃", invalid: "无效成员", unlicensed: "未激活",
  truncated: "截断", upload: "上传素材", recall: "撤回", card_updated: "卡片更新", media_url: "取文件", response_url: "主动回复",
  verify: "验证地址", fault: "故障", stream_finished: "流结束", stream_expired: "流超时",
};
const BAD = new Set(["violation", "not_delivered", "dropped", "invalid", "unlicensed", "fault", "stream_expired", "truncated"]);
const GOOD = new Set(["delivered", "accepted", "stream_finished"]);

const SAYS = {
  callback: (data) => `${data.event || data.msgtype} → ${data.statuses.map((code) => code ?? "超时").join(" ") || "—"}`,
  try: (data) => `第 ${data.turn} 次 ${data.status ?? data.error} · ${data.seconds} s`,
  refresh: (data) => `${data.status ?? data.error} · ${data.bytes} 字节${data.finish ? " · 完" : ""}`,
  api: (data) => `${data.call} → ${data.errcode}${data.errcode ? ` ${data.errmsg}` : ""}`,
  reply: (data) => data.reply.msgtype ?? data.reply.MsgType ?? data.reply.response_type ?? "",
  violation: (data) => data.what,
  not_delivered: (data) => data.note,
  delivered: (data) => data.msgtype,
  accepted: (data) => `${data.msgtype} → ${data.userids.length} 人`,
  upload: (data) => data.name,
  fault: (data) => `${data.call} ${data.fault} ${data.value || ""}`,
  media_url: (data) => (data.served ? "已取走" : "已过期"),
  response_url: (data) => (data.errcode ? `拒绝 ${data.errcode}` : "已用"),
};

function line(entry) {
  const tone = BAD.has(entry.kind) || (entry.kind === "api" && entry.data.errcode) ? "bad" : GOOD.has(entry.kind) ? "good" : "";
  const time = new Date(entry.at * 1000).toLocaleTimeString("zh-CN", { hour12: false });
  const says = SAYS[entry.kind]?.(entry.data) ?? "";
  const made = element("li", `entry ${tone}`, `<time>${time}</time><b>${WORDS[entry.kind] ?? escape(entry.kind)}</b>` +
    `<span>${escape(entry.userid)}</span><em>${escape(says)}</em>`);
  made.dataset.kind = entry.kind;
  made.title = JSON.stringify(entry.data).slice(0, 1500);
  return made;
}

async function follow() {
  const list = at("ledger");
  let after = 0;
  for (;;) {
    try {
      const { entries } = await (await fetch(`/sim/ledger?after=${after}&limit=${LINES}`)).json();
      for (const entry of entries) {
        list.prepend(line(entry));
        after = Math.max(after, entry.number);
      }
      while (list.children.length > LINES) list.lastElementChild.remove();
      at("ledger-count").textContent = after ? `共 ${after} 条` : "";
    } catch { /* the server went away: try again */ }
    await new Promise((wake) => setTimeout(wake, document.hidden ? 5000 : 1000));
  }
}

function drawFaults(faults) {
  at("knob-list").replaceChildren(...faults.map((fault) =>
    element("li", "", `${escape(fault.call)} · ${escape(fault.kind)} ${fault.value || ""} × ${fault.times}`)));
}

export function setUpPanel(page, state) {
  const fill = (id, values) => at(id).replaceChildren(...values.map((value) => new Option(value, value)));
  fill("knob-call", state.calls);
  fill("knob-kind", state.faults);
  const knobs = async (method, body) => {
    const answer = await fetch("/sim/knobs", { method, headers: { "Content-Type": "application/json" }, body });
    if (answer.ok) drawFaults((await answer.json()).faults);
  };
  at("knobs").addEventListener("submit", (event) => {
    event.preventDefault();
    const [call, kind] = [at("knob-call").value, at("knob-kind").value];
    knobs("POST", JSON.stringify({ call, kind, value: Number(at("knob-value").value), times: Number(at("knob-times").value) }));
  });
  at("knob-clear").addEventListener("click", () => knobs("DELETE"));
  for (const button of document.querySelectorAll("[data-token]")) {
    button.addEventListener("click", () => page.post("/sim/token", { act: button.dataset.token }));
  }
  const quiet = at("ledger-quiet");
  const apply = () => at("ledger").classList.toggle("quiet", quiet.checked);
  quiet.addEventListener("change", apply);
  apply();
  knobs("GET");
  follow();
}
