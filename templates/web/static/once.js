// A form is sent once: a double click does nothing more, and a button with `data-busy` says that the work is under way.
const DOUBLE_CLICK_MS = 1500;
const sent = new Map();

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  const last = sent.get(form);
  if (last && (last.button || Date.now() - last.at < DOUBLE_CLICK_MS)) { event.preventDefault(); return; }
  const button = form.querySelector("button[data-busy]");
  sent.set(form, { at: Date.now(), button, label: button && button.textContent });
  if (button) {
    button.textContent = button.dataset.busy;
    button.setAttribute("aria-disabled", "true");
    button.classList.add("busy");
  }
});

// Ready again: a page that comes back from history, or whose loading was stopped with the Escape key.
function ready() {
  for (const { button, label } of sent.values()) {
    if (!button) continue;
    button.textContent = label;
    button.removeAttribute("aria-disabled");
    button.classList.remove("busy");
  }
  sent.clear();
}
addEventListener("pageshow", ready);
document.addEventListener("keydown", (event) => { if (event.key === "Escape") ready(); });
