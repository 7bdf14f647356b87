// tus-js-client under node: node client.cjs ENDPOINT FILE CHUNK_BYTES URL_STORAGE; goes on where an earlier run ended.
"use strict";
const path = require("node:path");
const fs = require("node:fs");
const root = path.join(__dirname, "..", "..", ".web", "node_modules", "tus-js-client");
const tus = require(root);

const [endpoint, file, chunk, storage] = process.argv.slice(2);
const options = {
  endpoint,
  chunkSize: Number(chunk) || Infinity,
  retryDelays: [50, 100, 200, 400, 800, 1600, 3200, 3200, 6400, 6400, 12800],
  metadata: { filename: path.basename(file) },
  uploadSize: fs.statSync(file).size,
  urlStorage: new tus.FileUrlStorage(storage),
  removeFingerprintOnSuccess: true,
  onProgress: (sent, total) => process.stdout.write(`${Math.floor((100 * sent) / total)}\n`),
  onSuccess: () => { process.stdout.write(`done ${upload.url}\n`); },
  onError: (error) => { process.stderr.write(`${error}\n`); process.exit(1); },
};
const upload = new tus.Upload(fs.createReadStream(file), options);
upload.findPreviousUploads().then((previous) => {
  if (previous.length) upload.resumeFromPreviousUpload(previous[0]);
  process.stdout.write(`resumed ${previous.length}\n`);
  upload.start();
});
