// Live progress: server-sent events, and asking again and again where those do not come through.
const job = document.getElementById("job");
const POLL_MS = 1500;

function show(told) {
  document.getElementById("job-text").textContent = told.text;
  document.getElementById("job-count").textContent = `${told.done} / ${told.total}`;
  document.getElementById("job-bar").value = told.done;
  const note = document.getElementById("job-note");
  note.textContent = told.note;
  note.lang = told.note_lang;
  note.hidden = !told.note;
  if (!told.running) location.reload();
}

async function poll() {
  try {
    const response = await fetch(job.dataset.state, { headers: { Accept: "application/json" } });
    if (response.redirected) { location.reload(); return; }
    if (response.ok) show(await response.json());
  } catch { /* the server is restarting; ask again */ }
  setTimeout(poll, POLL_MS);
}

if (job && job.dataset.running) {
  const source = new EventSource(job.dataset.events);
  source.onmessage = (event) => show(JSON.parse(event.data));
  source.onerror = () => {
    if (source.readyState === EventSource.CLOSED) poll();
  };
}
