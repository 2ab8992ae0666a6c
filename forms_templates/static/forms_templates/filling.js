// A form that is filled in: questions come and go with other answers, rows are added, signatures drawn, and everything
// is saved as it goes. Without this script all of it works by buttons.
const form = document.querySelector("form[data-filling]");
const DELAY = 1500;
const CHECK_EVERY = [2, 5, 15, 30];
const LARGEST = 20 * 1024 * 1024;

if (form) {
  const words = form.dataset;
  const said = form.querySelector("[data-saved]");
  const known = JSON.parse(form.querySelector(".filling").dataset.known || "{}");
  let timer = 0;
  let changed = false;
  let busy = false;
  let failures = 0;
  let pressed = null;
  let over = "byHand" in words; // then nothing is saved before its button is pressed

  // --- what was answered ---------------------------------------------------------------------------------------------
  const fieldsOf = (name) => [...form.elements].filter((field) => field.name === name);

  function answerIn(fields) {
    const values = fields.flatMap((field) => {
      if (field.type === "checkbox" || field.type === "radio") return field.checked ? [field.value] : [];
      if (field.type === "file") return field.files.length ? ["file"] : [];
      return field.value.trim() ? [field.value] : [];
    });
    return fields.some((field) => field.type === "checkbox") ? values : values[0];
  }

  function answersTo(key) {
    const [table, column] = key.split(".");
    if (column) {
      const cells = [...form.elements].filter((field) => field.name?.startsWith(`${table}-`) && field.name.endsWith(`-${column}`));
      return cells.length ? [...new Set(cells.map((cell) => cell.name))].map((name) => answerIn(fieldsOf(name))) : (known[table] ?? []).map((row) => row[column]);
    }
    const fields = fieldsOf(key);
    if (fields.length) return [answerIn(fields)];
    return [known[key]?.answer ?? known[key]];
  }

  const same = (left, right) => String(left) === String(right) || (left === true && right === "yes") || (left === false && right === "no");

  function fulfils(when, answer) {
    if (answer === undefined || answer === null || answer === "" || answer.length === 0) return false;
    if (when.filled) return true;
    if (when.atMost !== null) return Number(answer) <= when.atMost;
    return [answer].flat().some((one) => when.among.some((each) => same(each, one)));
  }

  const holds = (text) => {
    const when = JSON.parse(text);
    return when.items.some((key) => answersTo(key).some((answer) => fulfils(when, answer)));
  };

  function isAnswered(question) {
    if (question.querySelector(".question-secret [data-kept], input[name$='-drop']")) return true;
    return [...question.querySelectorAll("input, select, textarea")].some((field) => {
      if (field.type === "hidden" || field.name.endsWith("-note")) return false;
      return field.type === "checkbox" || field.type === "radio" ? field.checked : field.type === "file" ? field.files.length : field.value.trim();
    });
  }

  function arrange() {
    for (const question of form.querySelectorAll("[data-question]")) {
      if (question.dataset.when) question.hidden = !holds(question.dataset.when);
      if (question.dataset.must) question.toggleAttribute("data-needed", holds(question.dataset.must));
      const mark = question.querySelector(".must");
      if (mark && question.dataset.must) mark.hidden = !question.hasAttribute("data-needed");
    }
    let done = 0;
    const places = document.querySelectorAll(".progress-line li");
    for (const place of places) {
      const part = document.getElementById(`part-${place.dataset.for}`);
      const open = [...part.querySelectorAll("[data-question][data-needed]:not([hidden])")].filter((question) => !isAnswered(question)).length;
      part.querySelector("[data-open-count]").textContent = open ? words.needed.replace("%n", open) : "";
      const faulty = [...part.querySelectorAll(".fault li")].some((fault) => !fault.closest("[hidden]"));
      place.className = faulty ? "faulty" : open ? "" : "done";
      if (!open && !faulty) done += 1;
    }
    document.querySelector(".progress-line progress").value = done;
    document.querySelector("[data-progress]").textContent = words.sections.replace("%d", done).replace("%a", places.length);
  }

  // --- saved as it goes ----------------------------------------------------------------------------------------------
  function tell(text, trouble = false) {
    said.textContent = text;
    said.classList.toggle("trouble", trouble);
  }

  function body(what) {
    const data = new FormData(form);
    for (const [name, value] of [...data]) if (value instanceof File || name.endsWith("-drawn")) data.delete(name);
    data.set("do", what);
    return data;
  }

  function showFaults(faults) {
    for (const list of form.querySelectorAll(".fault")) {
      const name = list.id.replace(/^id_/, "").replace(/_error$/, "");
      const field = fieldsOf(name).find((each) => each.type !== "file");
      if (!field) continue;
      list.replaceChildren(...(faults[name] ?? []).map((text) => Object.assign(document.createElement("li"), { textContent: text })));
      for (const each of fieldsOf(name)) each.setAttribute("aria-invalid", name in faults ? "true" : "false");
      list.closest(".field")?.classList.toggle("in-error", name in faults);
    }
  }

  async function save() {
    clearTimeout(timer);
    if (busy || over || !changed) return;
    busy = true;
    changed = false;
    tell(words.saving);
    try {
      const answer = await fetch(form.action, { method: "POST", body: body("autosave"), headers: { Accept: "application/json" }, keepalive: document.hidden });
      const told = answer.headers.get("Content-Type")?.includes("json") ? await answer.json() : null;
      if (!told) throw new Error(String(answer.status));
      failures = 0;
      if (told.closed || told.newer) {
        over = true;
        tell(told.message, true);
        return;
      }
      form.elements.version.value = told.version;
      for (const key of Object.keys(told.kept)) {
        for (const field of fieldsOf(key)) if (field.type === "password" && field.value && document.activeElement !== field) {
          field.value = "";
          field.dataset.kept = "yes";
        }
      }
      showFaults(told.faults);
      tell(told.message);
      arrange();
    } catch {
      changed = true;
      tell(words.offline, true);
      timer = setTimeout(save, 1000 * CHECK_EVERY[Math.min(failures, CHECK_EVERY.length - 1)]);
      failures += 1;
    } finally {
      busy = false;
      if (pressed) form.requestSubmit(pressed);
      else if (changed && !failures && !over) timer = setTimeout(save, DELAY);
    }
  }

  // What is being saved is waited for: two at once would take each other for another page.
  form.addEventListener("submit", (event) => {
    if (busy || !navigator.onLine) {
      event.preventDefault();
      event.stopPropagation();
      pressed = navigator.onLine ? event.submitter : null;
      if (!navigator.onLine) tell(words.offline, true);
      return;
    }
    clearTimeout(timer);
    pressed = null;
    over = true;
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted && !("byHand" in words)) window.location.reload();
  });

  function touch(event) {
    if (event.target.type === "file") return;
    // A password is sent once it has been typed, not letter by letter.
    if (event.target.type === "password" && event.type === "input") return;
    changed = true;
    arrange();
    clearTimeout(timer);
    timer = setTimeout(save, DELAY);
  }
  form.addEventListener("input", touch);
  form.addEventListener("change", touch);
  window.addEventListener("online", save);
  document.addEventListener("visibilitychange", save);
  window.addEventListener("pagehide", save);

  // --- files go at once, each with the whole form ---------------------------------------------------------------------
  form.addEventListener("change", async ({ target }) => {
    if (target.type !== "file" || !target.files.length || "byHand" in words) return;
    const fault = document.getElementById(`${target.id}_error`);
    if ([...target.files].some((file) => file.size > LARGEST)) {
      target.value = "";
      fault.replaceChildren(Object.assign(document.createElement("li"), { textContent: words.tooLarge }));
      arrange();
      return;
    }
    clearTimeout(timer);
    tell(words.saving);
    const data = body("save");
    for (const file of target.files) data.append(target.name, file);
    try {
      const answer = await fetch(form.action, { method: "POST", body: data });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const question = target.closest("[data-question]");
      const fresh = page.querySelector(`[data-question="${question.dataset.question}"]`);
      if (!fresh) throw new Error(String(answer.status));
      question.replaceChildren(...fresh.childNodes);
      form.elements.version.value = page.querySelector("form[data-filling] [name=version]").value;
      changed = false;
      tell(page.querySelector("[data-saved]").textContent);
      arrange();
      question.querySelector("input")?.focus();
    } catch {
      tell(words.offline, true);
    }
  });

  // --- rows ----------------------------------------------------------------------------------------------------------
  form.addEventListener("click", (event) => {
    const button = event.target.closest("button[name=do]");
    const [what, key, number] = button?.value.split(":") ?? [];
    if (what !== "add" && what !== "drop") return;
    event.preventDefault();
    const table = form.querySelector(`[data-table="${key}"]`);
    const order = form.elements[`${key}-rows`];
    const rows = [...table.querySelectorAll("[data-row]:not([data-preset])")];
    const mine = table.querySelector(`[data-row="${number}"]`);
    if (what === "add") add(table, rows, order, key);
    else if (rows.length > 1) {
      (mine.previousElementSibling?.matches("[data-row]") ? mine.previousElementSibling : mine.nextElementSibling).querySelector("input, select, textarea")?.focus();
      mine.remove();
    } else empty(mine);
    order.value = [...table.querySelectorAll("[data-row]")].map((row) => row.dataset.row).join(",");
    for (const [place, row] of [...table.querySelectorAll("[data-row]")].entries()) row.querySelector(".row-name").textContent = words.row.replace("%n", place + 1);
    touch(event);
  });

  function add(table, rows, order, key) {
    const all = order.value.split(",").filter(Boolean).map(Number);
    if (all.length >= Number(table.dataset.most)) return;
    const last = rows.at(-1);
    const copy = last.cloneNode(true);
    const from = `${key}-${last.dataset.row}`;
    const next = `${Math.max(Number(table.dataset.next ?? 0), ...all) + 1}`;
    table.dataset.next = next;
    copy.dataset.row = next;
    for (const each of copy.querySelectorAll("*")) {
      for (const name of ["name", "id", "for", "value", "aria-describedby"]) {
        const text = each.getAttribute(name);
        if (text?.includes(from) && !(name === "value" && each.tagName !== "BUTTON")) each.setAttribute(name, text.replaceAll(from, `${key}-${next}`));
      }
      if (each.tagName === "BUTTON") each.value = `drop:${key}:${next}`;
    }
    empty(copy);
    last.after(copy);
    copy.querySelector("input, select, textarea")?.focus();
  }

  function empty(row) {
    for (const field of row.querySelectorAll("input, select, textarea")) {
      if (field.type === "checkbox" || field.type === "radio") field.checked = false;
      else field.value = "";
      field.removeAttribute("aria-invalid");
    }
    for (const list of row.querySelectorAll(".fault")) list.replaceChildren();
    for (const field of row.querySelectorAll(".in-error")) field.classList.remove("in-error");
  }

  // --- signatures ----------------------------------------------------------------------------------------------------
  for (const place of form.querySelectorAll("[data-signing]")) {
    const pad = place.querySelector("[data-pad]");
    const canvas = pad.querySelector("canvas");
    const kept = place.querySelector("input[name$='-drawn']");
    const pen = canvas.getContext("2d");
    let drawing = false;
    pad.hidden = false;
    Object.assign(pen, { lineWidth: 5, lineCap: "round", lineJoin: "round", strokeStyle: "#101820" });
    if (kept.value) {
      const earlier = new Image();
      earlier.addEventListener("load", () => pen.drawImage(earlier, 0, 0));
      earlier.src = kept.value;
    }
    const at = (event) => {
      const box = canvas.getBoundingClientRect();
      return [((event.clientX - box.left) * canvas.width) / box.width, ((event.clientY - box.top) * canvas.height) / box.height];
    };
    canvas.addEventListener("pointerdown", (event) => {
      drawing = true;
      canvas.setPointerCapture(event.pointerId);
      pen.beginPath();
      pen.moveTo(...at(event));
    });
    canvas.addEventListener("pointermove", (event) => {
      if (!drawing) return;
      pen.lineTo(...at(event));
      pen.stroke();
    });
    for (const end of ["pointerup", "pointercancel"]) {
      canvas.addEventListener(end, () => {
        if (drawing) kept.value = canvas.toDataURL("image/png");
        drawing = false;
      });
    }
    pad.querySelector("[data-wipe]").addEventListener("click", () => {
      pen.clearRect(0, 0, canvas.width, canvas.height);
      kept.value = "";
    });
  }

  arrange();
}
