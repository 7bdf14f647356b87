// Files dragged in, pasted or picked: sent one after the other with a progress bar.
import { element, fileBox, size } from "./messages.js";

const at = (id) => document.getElementById(id);
const LARGEST = 100 * 1024 * 1024;

function pending(file) {
  const row = element("article", "message mine pending");
  const body = element("div", "body");
  const box = fileBox({ name: file.name, size: file.size }, `正在上传… ${size(file.size)}`);
  const bar = element("progress");
  Object.assign(bar, { max: 1, value: 0 });
  bar.setAttribute("aria-label", `上传 ${file.name}`);
  box.append(bar);
  body.append(box);
  row.append(body);
  at("messages").append(row);
  return { row, bar };
}

function upload(page, file, kind) {
  const { row, bar } = pending(file);
  const query = new URLSearchParams({ ...page.where(), name: file.name, kind });
  return new Promise((done) => {
    const request = new XMLHttpRequest();
    request.open("POST", `/sim/file?${query}`);
    request.upload.addEventListener("progress", (event) => { bar.value = event.loaded / (event.total || 1); });
    request.addEventListener("loadend", () => {
      row.remove();
      if (request.status !== 200) at("messages").append(element("p", "note notice", "文件没有发出去，请再试一次。"));
      done();
    });
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.send(file);
  });
}

export function setUpUploads(page, toEnd) {
  const sendAll = async (files, kind) => {
    for (const file of files) {
      if (file.size > LARGEST) {
        at("messages").append(element("p", "note notice", "文件超过 100 MB，聊天里发不出去；请用网页上传。"));
        continue;
      }
      toEnd();
      const film = kind === "file" && /^video\/mp4$/.test(file.type) && page.channel === "app";
      await upload(page, file, film ? "video" : kind);
      toEnd();
    }
  };
  for (const [id, kind] of [["file-input", "file"], ["image-input", "image"]]) {
    at(id).addEventListener("change", async (event) => {
      const files = [...event.target.files];
      event.target.value = "";
      await sendAll(files, kind);
    });
  }
  let depth = 0;
  const phone = at("phone");
  const carries = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
  phone.addEventListener("dragenter", (event) => {
    if (!carries(event)) return;
    event.preventDefault();
    depth += 1;
    at("drop-hint").textContent = `发送给 ${at("chat-title").textContent}`;
    at("drop").hidden = false;
  });
  phone.addEventListener("dragover", (event) => { if (carries(event)) event.preventDefault(); });
  phone.addEventListener("dragleave", () => {
    depth = Math.max(0, depth - 1);
    if (!depth) at("drop").hidden = true;
  });
  phone.addEventListener("drop", (event) => {
    if (!carries(event)) return;
    event.preventDefault();
    depth = 0;
    at("drop").hidden = true;
    sendAll([...event.dataTransfer.files], "file");
  });
  at("composer").addEventListener("paste", (event) => {
    const files = [...(event.clipboardData?.files ?? [])];
    if (files.length) {
      event.preventDefault();
      sendAll(files, /^image\/(png|jpeg)$/.test(files[0].type) ? "image" : "file");
    }
  });
}
