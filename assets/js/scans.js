// Files that are dropped or chosen go up one by one, each with its own progress; without this script the form sends them.
const form = document.querySelector("[data-bring]");
const list = form.querySelector("[data-bring-list]");
const input = form.querySelector("input[type=file]");
const largest = Number(form.dataset.largest) * 1024 * 1024;
const queue = [];
let busy = false;

function piece(name, text, css = "") {
  const made = document.createElement(name);
  made.textContent = text;
  if (css) made.className = css;
  return made;
}

function end(line, words, failed) {
  line.querySelector("progress")?.remove();
  line.replaceChildren(piece("span", words, failed ? "fault" : "faint"));
}

function send(file, line) {
  return new Promise((resolve) => {
    const body = new FormData();
    body.append("files", file);
    body.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    const request = new XMLHttpRequest();
    request.open("POST", form.action);
    request.setRequestHeader("Accept", "application/json");
    request.upload.addEventListener("progress", (event) => {
      const bar = line.querySelector("progress");
      if (bar && event.lengthComputable) bar.value = event.loaded / event.total;
    });
    request.addEventListener("loadend", () => {
      let told = null;
      try {
        [told] = JSON.parse(request.responseText).files;
      } catch {
        // A page instead of an answer: the session is over, or the line broke.
      }
      if (told) end(line, told.words, !told.taken);
      else end(line, `${file.name} ${form.dataset.failed}`, true);
      document.body.dispatchEvent(new Event("brought"));
      resolve();
    });
    request.send(body);
  });
}

async function work() {
  if (busy) return;
  busy = true;
  while (queue.length) {
    const [file, line] = queue.shift();
    await send(file, line);
  }
  busy = false;
}

function bring(files) {
  for (const file of files) {
    const line = document.createElement("li");
    list.append(line);
    if (file.size > largest) {
      end(line, `${file.name} ${form.dataset.large}`, true);
      continue;
    }
    const bar = document.createElement("progress");
    bar.max = 1;
    bar.value = 0;
    bar.setAttribute("aria-label", file.name);
    line.append(piece("span", file.name), bar);
    queue.push([file, line]);
  }
  work();
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  bring(input.files);
  form.reset();
});
input.addEventListener("change", () => {
  bring(input.files);
  form.reset();
});
for (const name of ["dragenter", "dragover"]) {
  form.addEventListener(name, (event) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    form.dataset.over = "";
  });
}
form.addEventListener("dragleave", (event) => {
  if (!form.contains(event.relatedTarget)) delete form.dataset.over;
});
form.addEventListener("drop", (event) => {
  event.preventDefault();
  delete form.dataset.over;
  bring(event.dataTransfer.files);
});
