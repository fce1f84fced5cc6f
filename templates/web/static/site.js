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

const state = byId("scanner-state");
const say = (text) => { byId("scanner").hidden = false; state.textContent = text; };
let stream = null;

async function decoder() {
  const { decodeQR } = await import("./vendor/qr/decode.js");
  return (image) => { try { return decodeQR(image); } catch { return null; } };
}

// Only a code of this very site is followed; anything else is named, never opened.
function follow(text) {
  let url;
  try { url = new URL(text); } catch { say("这个二维码不是证书核验码。"); return false; }
  const match = CODE_PATH.exec(url.pathname);
  if (match && url.host.toLowerCase() === location.host.toLowerCase()) {
    location.assign(`/v/${match[1].toUpperCase()}`);
    return true;
  }
  say(match ? `注意：这个二维码指向另一个网站 ${url.host}，不是本站。请核对证书上印的核验网址。` : "这个二维码不是证书核验码。");
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
  say("正在打开摄像头……");
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" }, audio: false });
  } catch {
    say("无法使用摄像头。请允许使用摄像头，或用“识别图片中的二维码”。");
    video.hidden = true;
    return;
  }
  video.hidden = false;
  video.srcObject = stream;
  await video.play();
  byId("scan-start").hidden = true;
  byId("scan-stop").hidden = false;
  say("把二维码放进画面中央。");
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
  say("正在识别……");
  const decode = await decoder();
  try {
    const bitmap = await createImageBitmap(file);
    const text = decode(pixels(bitmap, bitmap.width, bitmap.height));
    if (text) follow(text); else say("图片里没有识别到二维码。请换一张更清楚的图片。");
  } catch { say("这个文件不是图片，无法识别。"); }
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
