// One line that says what was done: to screen readers, and to all where it must not be missed.

const shown = 2000; // ms
let timer;

const line = document.createElement("p");
line.className = "visually-hidden";
line.setAttribute("role", "status");

/** Adds the line to the page. It must be there before it says something. */
export const addStatus = () => document.body.append(line);

/** Says a message, and resolves when it is gone; to all if it is `shown`. A `warning` is shown, and longer. */
export function tell(message, { shown: isShown = false, warning = false } = {}) {
  clearTimeout(timer);
  line.textContent = message;
  line.className = warning || isShown ? "toast" : "visually-hidden";
  const time = warning ? 3 * shown : shown;
  timer = setTimeout(() => {
    line.textContent = "";
    line.className = "visually-hidden";
  }, time);
  return new Promise((done) => setTimeout(done, time));
}
