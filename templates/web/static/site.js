// Progressive enhancement of the home page: drop a file anywhere on its card, scan a QR code on the device.
const byId = (id) => document.getElementById(id);
const CODE_PATH = /\/V\/([A-Z2-7]{26})\/?$/i;
const FRAME_INTERVAL_MS = 160;
const MAX_SIDE = 1200;

const drop = byId("drop");
const input = byId("file");
for (const name of ["dragover", "dragenter"]) {
  drop.addEventListener(name, (event) => { event.preventDefault(); drop.classList.add("over"); });
}
for (const name of ["dragleave", "drop"]) drop.addEventListener(name, () => drop.classList.remove("over"));
drop.addEventListener("drop", (event) => {
  event.preventDefault();
  if (event.dataTransfer.files.length) {
    input.files = event.dataTransfer.files;
    byId("file-form").requestSubmit();
  }
});

// How many files are chosen, and that the check is under way; a page that comes back from history is ready again.
const chosen = byId("chosen");
const send = byId("file-send");
const label = send.textContent;
const count = () => {
  chosen.hidden = input.files.length < 2;
  chosen.textContent = drop.dataset.chosen.replace("COUNT", input.files.length);
};
input.addEventListener("change", count);
byId("file-form").addEventListener("submit", () => {
  count();
  send.disabled = true;
  send.textContent = drop.dataset.busy;
});
window.addEventListener("pageshow", () => { send.disabled = false; send.textContent = label; count(); });

const state = byId("scanner-state");
const words = JSON.parse(byId("scanner").dataset.words);
const say = (text, warning = false) => {
  byId("scanner").hidden = false;
  state.className = warning ? "notice warn" : "small";
  state.textContent = text;
};
let stream = null;

async function decoder() {
  const { decodeQR } = await import("./vendor/qr/decode.js");
  return (image) => { try { return decodeQR(image); } catch { return null; } };
}

// Only a code of this very site is followed; anything else is named, never opened.
function follow(text) {
  let url;
  try { url = new URL(text); } catch { say(words.no_code); return false; }
  const match = CODE_PATH.exec(url.pathname);
  if (match && url.host.toLowerCase() === location.host.toLowerCase()) {
    location.assign(`/v/${match[1].toUpperCase()}`);
    return true;
  }
  if (match) say(words.foreign.replace("HOST", url.host), true); else say(words.no_code);
  return false;
}

function pixels(source, width, height) {
  const scale = Math.min(1, MAX_SIDE / Math.max(width, height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.drawImage(source, 0, 0, canvas.width, canvas.height);
  return context.getImageData(0, 0, canvas.width, canvas.height);
}

function stop() {
  if (stream) stream.getTracks().forEach((track) => track.stop());
  stream = null;
  byId("scan-stop").hidden = true;
  byId("scan-start").hidden = false;
  byId("scanner-video").hidden = true;
}

async function start() {
  const video = byId("scanner-video");
  say(words.opening);
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" }, audio: false });
  } catch {
    say(words.no_camera);
    video.hidden = true;
    return;
  }
  video.hidden = false;
  video.srcObject = stream;
  await video.play();
  byId("scan-start").hidden = true;
  byId("scan-stop").hidden = false;
  say(words.aim);
  const decode = await decoder();
  const look = () => {
    if (!stream) return;
    const text = video.videoWidth ? decode(pixels(video, video.videoWidth, video.videoHeight)) : null;
    if (text && follow(text)) { stop(); return; }
    setTimeout(look, FRAME_INTERVAL_MS);
  };
  look();
}

async function readImage(event) {
  const [file] = event.target.files;
  if (!file) return;
  byId("scanner-video").hidden = true;
  say(words.reading);
  const decode = await decoder();
  try {
    const bitmap = await createImageBitmap(file);
    const text = decode(pixels(bitmap, bitmap.width, bitmap.height));
    if (text) follow(text); else say(words.not_found);
  } catch { say(words.no_image); }
  event.target.value = "";
}

byId("scan-image-open").hidden = false;
byId("scan-image-open").addEventListener("click", () => byId("scan-image").click());
byId("scan-image").addEventListener("change", readImage);
if (navigator.mediaDevices?.getUserMedia) {
  byId("scan-start").hidden = false;
  byId("scan-start").addEventListener("click", start);
  byId("scan-stop").addEventListener("click", stop);
}
