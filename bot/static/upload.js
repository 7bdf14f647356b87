// The upload page: tus-js-client does the protocol, this file what a person sees. Nothing is kept in the browser: what has
// arrived is asked from the server, so it goes on after the page was closed, in another browser, over another network.
"use strict";

(() => {
  const at = (id) => document.getElementById(id);
  const page = at("upload");
  const base = location.pathname.replace(/\/$/, "");
  const CHUNK = 4 * 1024 * 1024;
  const EDGE = 64 * 1024;
  const ASK_EVERY = 1500;
  const AGAIN_AFTER = [1000, 2000, 4000, 8000, 15000];
  const PACE_OVER = 8000;
  const RECOVERS = new Set([0, 409, 423, 429, 460]);

  let known = { phase: "new" };
  let upload = null;
  let paused = false;
  let failures = 0;
  let timer = 0;
  let marks = [];

  function show(...ids) {
    for (const id of ["choose", "run", "result", "problem"]) at(id).hidden = !ids.includes(id);
  }

  function tell(id, text) {
    at(id).textContent = text;
    at(id).hidden = !text;
  }

  function bytes(count) {
    if (count < 1024 * 1024) return `${Math.max(1, Math.round(count / 1024))} KB`;
    if (count < 1024 ** 3) return `${(count / 1024 ** 2).toFixed(1)} MB`;
    return `${(count / 1024 ** 3).toFixed(2)} GB`;
  }

  function duration(seconds) {
    if (seconds < 60) return `${Math.max(1, Math.ceil(seconds))} 秒`;
    const minutes = Math.ceil(seconds / 60);
    return minutes < 60 ? `${minutes} 分钟` : `${Math.floor(minutes / 60)} 小时 ${minutes % 60} 分钟`;
  }

  // ---- the same file? Size and both ends tell, whatever its name is on this device.
  async function hash(data) {
    const digest = await crypto.subtle.digest("SHA-256", data);
    return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  async function printOf(file) {
    if (!window.crypto?.subtle) return `${file.size}-${file.lastModified}`;
    const ends = new Blob([file.slice(0, EDGE), file.slice(Math.max(0, file.size - EDGE)), String(file.size)]);
    return hash(await ends.arrayBuffer());
  }

  // ---- each chunk goes with its checksum, so that what a bad line spoils is sent again
  class CheckedStack {
    constructor() { this.plain = new tus.DefaultHttpStack({}); }

    getName() { return "checked"; }

    createRequest(method, url) {
      const request = this.plain.createRequest(method, url);
      if (method !== "PATCH" || !window.crypto?.subtle) return request;
      const send = request.send.bind(request);
      request.send = async (body) => {
        const digest = await crypto.subtle.digest("SHA-256", await body.arrayBuffer());
        request.setHeader("Upload-Checksum", `sha256 ${btoa(String.fromCharCode(...new Uint8Array(digest)))}`);
        return send(body);
      };
      return request;
    }
  }

  // ---- running
  function draw(sent, total) {
    const now = performance.now();
    marks.push([now, sent]);
    marks = marks.filter(([when]) => now - when <= PACE_OVER);
    const percent = total ? Math.floor((sent / total) * 100) : 100;
    at("bar").value = percent;
    at("percent").textContent = `${percent} %`;
    const [first, before] = marks[0];
    const speed = now > first ? ((sent - before) / (now - first)) * 1000 : 0;
    at("pace").textContent = speed > 0 ? `${bytes(speed)}/秒，还要 ${duration((total - sent) / speed)}` : "";
  }

  function start(file, print, address) {
    const options = {
      endpoint: new URL(`${base}/files`, location.href).href,
      chunkSize: CHUNK,
      retryDelays: [],
      storeFingerprintForResuming: false,
      metadata: { filename: file.name, print },
      httpStack: new CheckedStack(),
      onProgress: (sent, total) => { if (!paused) draw(sent, total); },
      onChunkComplete: () => { failures = 0; tell("trouble", ""); },
      onSuccess: () => { clearTimeout(timer); follow(); },
      onError: (error) => failed(error),
    };
    if (address) options.uploadUrl = address;
    upload = new tus.Upload(file, options);
    paused = false;
    failures = 0;
    at("name").textContent = file.name;
    at("size").textContent = bytes(file.size);
    at("pause").textContent = "暂停";
    tell("trouble", "");
    show("run");
    begin();
  }

  function begin() {
    marks = [];
    upload.start();
  }

  function failed(error) {
    if (paused) return;
    const status = error.originalResponse ? error.originalResponse.getStatus() : 0;
    const said = error.originalResponse ? error.originalResponse.getBody().trim() : "";
    if (!RECOVERS.has(status) && status < 500 || status === 507) {
      upload = null;
      stop(said || "上传没有成功，请重新选择文件再试。");
      return;
    }
    tell("trouble", status === 0 ? "网络断了，连上后自动接着传。" : (said || "服务器暂时没有回应，会自动接着传。"));
    at("pace").textContent = "";
    again(AGAIN_AFTER[Math.min(failures++, AGAIN_AFTER.length - 1)]);
  }

  function again(wait) {
    clearTimeout(timer);
    timer = setTimeout(() => { if (!paused && upload) begin(); }, wait);
  }

  async function stop(text) {
    tell("problem", text);
    await look(false);
    at("problem").hidden = false;
  }

  // ---- what the server knows
  async function state() {
    const answer = await fetch(`${base}/state`, { cache: "no-store" });
    if (!answer.ok) throw new Error(String(answer.status));
    return answer.json();
  }

  function link(text) {
    const made = document.createDocumentFragment();
    for (const part of text.split(/(https?:\/\/[^\s〕）)]+)/)) {
      if (!part.startsWith(`${location.origin}/`)) {
        made.append(part);
        continue;
      }
      const anchor = document.createElement("a");
      anchor.href = part;
      anchor.textContent = part;
      made.append(anchor);
    }
    return made;
  }

  async function follow() {
    show("result");
    tell("verdict", "收到，正在检查…");
    try {
      known = await state();
    } catch {
      known = { phase: "checking" };
    }
    if (known.phase === "done") {
      tell("verdict", `《${known.name}》已收到，检查完了。结果也会发到企业微信，可以在那里继续。`);
      at("text").replaceChildren(link(known.text));
      return;
    }
    setTimeout(follow, ASK_EVERY);
  }

  async function look(clear = true) {
    try {
      known = await state();
    } catch {
      show("problem");
      tell("problem", "现在连不上服务器，正在重试…");
      setTimeout(look, AGAIN_AFTER[2]);
      return;
    }
    if (known.phase === "checking" || known.phase === "done") {
      follow();
      return;
    }
    if (clear) tell("problem", "");
    if (known.phase === "over") {
      show("problem");
      tell("problem", "这个链接已过期。请在聊天里发“上传链接”，我再给您一个。");
      return;
    }
    const part = known.phase === "open" ? Math.floor((known.received / Math.max(1, known.size)) * 100) : 0;
    tell("resume-hint", known.phase === "open" ? `《${known.name}》已传 ${part} %。选同一个文件，接着传。` : "");
    at("pick-label").textContent = known.phase === "open" ? "选同一个文件继续" : "选择文件";
    show("choose");
  }

  // ---- what the person does
  at("file").addEventListener("change", async () => {
    const file = at("file").files[0];
    at("file").value = "";
    if (!file) return;
    if (file.size > Number(page.dataset.most)) {
      stop(`文件有 ${bytes(file.size)}，超过了上限 ${page.dataset.mostShown}。请压缩后再传。`);
      return;
    }
    const print = await printOf(file);
    const same = known.phase === "open" && known.size === file.size && known.print === print;
    if (known.phase === "open" && !same) {
      const question = `这不是刚才没传完的《${known.name}》。要放弃它，改传《${file.name}》吗？`;
      if (!window.confirm(question)) return;
      await fetch(`${base}/files/${known.id}`, { method: "DELETE", headers: { "Tus-Resumable": "1.0.0" } });
    }
    start(file, print, same ? new URL(`${base}/files/${known.id}`, location.href).href : null);
  });

  at("pause").addEventListener("click", async () => {
    if (!upload) return;
    paused = !paused;
    at("pause").textContent = paused ? "继续" : "暂停";
    tell("trouble", paused ? "已暂停。可以关掉页面，以后回来接着传。" : "");
    at("pace").textContent = "";
    clearTimeout(timer);
    if (paused) await upload.abort();
    else begin();
  });

  at("cancel").addEventListener("click", async () => {
    if (!upload || !window.confirm("要取消吗？已经传上去的部分会删掉。")) return;
    const address = upload.url;
    paused = true;
    clearTimeout(timer);
    await upload.abort();
    upload = null;
    if (address) await fetch(address, { method: "DELETE", headers: { "Tus-Resumable": "1.0.0" } }).catch(() => {});
    look();
  });

  window.addEventListener("online", () => { if (upload && !paused && !at("trouble").hidden) again(0); });
  look();
})();
