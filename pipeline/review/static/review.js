"use strict";
// The page's whole script. Text from documents only ever arrives as HTML that the server escaped, or is set
// as text; nothing here builds markup from it.
(() => {
  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
  const csrf = $("meta[name=csrf]").content;
  const words = JSON.parse($("#words").textContent);
  const say = (group, name) => (words[group] || {})[name] || name;

  // ---- asking the server

  async function fetched(address) {
    const answer = await fetch(address, { headers: { accept: "text/html" } });
    if (!answer.ok) throw new Error(await answer.text());
    return answer;
  }

  async function sent(address, body) {
    const answer = await fetch(address, {
      method: "POST", headers: { "content-type": "application/json", "x-csrf-token": csrf }, body: JSON.stringify(body),
    });
    const type = answer.headers.get("content-type") || "";
    const data = type.startsWith("application/json") ? await answer.json() : { refused: await answer.text() };
    return { status: answer.status, data };
  }

  let quiet;
  function note(text, bad = false, link = null) {
    const box = $("#note");
    box.textContent = text;
    box.className = bad ? "on bad" : "on";
    if (link) {
      const a = document.createElement("a");
      a.href = location.href;
      a.textContent = link;
      a.addEventListener("click", (event) => { event.preventDefault(); location.reload(); });
      box.append(a);
    }
    clearTimeout(quiet);
    if (!link) quiet = setTimeout(() => { box.className = ""; }, bad ? 6000 : 1800);
  }

  // ---- both pages: help, language, keys

  const does = {
    help: () => { const help = $("#help"); if (help.open) help.close(); else help.showModal(); },
    language: (button) => {
      const address = new URL(location.href);
      address.searchParams.set("lang", button.dataset.language);
      location.href = address;
    },
  };

  // While an input method is composing, Enter chooses a word and must do nothing here. Safari reports the
  // Enter that ends a composition after it has ended, with the key code 229.
  const composing = (event) => event.isComposing || event.keyCode === 229;
  const typing = (target) => target.closest && target.closest("input:not([type=radio]):not([type=checkbox]), textarea, select");

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-do]");
    if (button && does[button.dataset.do]) { event.preventDefault(); does[button.dataset.do](button); }
  });

  // ---- the queue

  function queue() {
    const rows = $$("#queue tbody tr");
    let at = -1;
    const show = (to) => {
      if (!rows.length) return;
      at = Math.max(0, Math.min(rows.length - 1, to));
      rows.forEach((row, n) => row.classList.toggle("current", n === at));
      rows[at].scrollIntoView({ block: "nearest" });
    };
    const open = (row) => { if (row) location.href = row.dataset.href; };
    rows.forEach((row) => row.addEventListener("click", (event) => { if (!event.target.closest("a")) open(row); }));
    $$(".filters select").forEach((select) => select.addEventListener("change", () => select.form.requestSubmit()));
    if (rows.length) show(0);
    return {
      j: () => show(at + 1), ArrowDown: () => show(at + 1), k: () => show(at - 1), ArrowUp: () => show(at - 1),
      n: () => show(at + 1), p: () => show(at - 1), Enter: () => open(rows[at]),
      "]": () => { const a = $("a[rel=next]"); if (a) a.click(); }, "[": () => { const a = $("a[rel=prev]"); if (a) a.click(); },
      "/": () => { $("#search").focus(); $("#search").select(); },
    };
  }

  // ---- the page picture

  function viewer(desk) {
    const view = $("#view"), stage = $("#stage");
    if (!stage) return { light: lightText, key: {} };
    const sheets = $$(".sheet", stage).map((figure) => ({ figure, page: Number(figure.dataset.page), image: $("img", figure), svg: $("svg", figure), facts: null }));
    let zoom = 0, turn = 0, lit = [], row = [], proof = [];

    const fit = () => Math.max(0.2, (view.clientWidth - 28) / Math.max(...sheets.map((s) => (turn % 180 ? s.facts.height : s.facts.width))));
    function lay() {
      const known = sheets.filter((s) => s.facts);
      if (known.length !== sheets.length) return;
      const scale = zoom || fit();
      for (const { figure, image, svg, facts } of sheets) {
        const w = facts.width * scale, h = facts.height * scale, across = turn % 180;
        figure.style.width = `${across ? h : w}px`;
        figure.style.height = `${across ? w : h}px`;
        const move = { 0: "", 90: `translate(${h}px, 0) `, 180: `translate(${w}px, ${h}px) `, 270: `translate(0, ${w}px) ` }[turn];
        for (const part of [image, svg]) {
          part.style.width = `${w}px`;
          part.style.height = `${h}px`;
          part.style.transform = `${move}rotate(${turn}deg)`;
        }
      }
    }

    const shape = (name, facts, kind) => {
      const made = document.createElementNS("http://www.w3.org/2000/svg", name);
      for (const [key, value] of Object.entries(facts)) made.setAttribute(key, value);
      made.setAttribute("class", kind);
      return made;
    };
    function label(svg, box, text, kind) {
      const made = shape("text", { x: box[0] + 2, y: Math.max(8, box[1] - 2) }, kind);
      made.textContent = text;
      svg.append(made);
    }
    const rect = (box, kind) => shape("rect", { x: box[0], y: box[1], width: box[2] - box[0], height: box[3] - box[1] }, kind);

    async function load(one) {
      one.facts = await (await fetched(`/form/${desk.dataset.form}/page/${one.page}`)).json();
      one.image.src = `/form/${desk.dataset.form}/picture/${one.page}`;
      one.svg.setAttribute("viewBox", `0 0 ${one.facts.width} ${one.facts.height}`);
      for (const { cell, box, joined } of one.facts.boxes) {
        const made = rect(box, "cell");
        made.dataset.cell = cell;
        one.svg.append(made);
        if (joined) { one.svg.append(rect(box, "join")); label(one.svg, box, words.marks.joined, "join-name"); }
      }
      for (const box of one.facts.seals) { one.svg.append(rect(box, "seal")); label(one.svg, box, words.marks.seal, "seal-name"); }
      lay();
      paint(false);
    }

    function paint(move) {
      let first = null;
      for (const made of $$("rect.cell", stage)) {
        const cell = made.dataset.cell;
        made.classList.toggle("lit", lit.includes(cell));
        made.classList.toggle("row", row.includes(cell));
        made.classList.toggle("evidence", proof.includes(cell));
        if (!first && lit.includes(cell)) first = made;
      }
      if (!first) first = $("rect.cell.evidence", stage) || $("rect.cell.row", stage);
      if (move && first) show(first);
    }
    function show(made) {
      const box = made.getBoundingClientRect(), around = view.getBoundingClientRect();
      if (box.top < around.top + 30 || box.bottom > around.bottom - 30) view.scrollTop += box.top - around.top - around.height / 3;
      if (box.left < around.left || box.right > around.right) view.scrollLeft += box.left - around.left - 60;
    }
    function at(page) {
      const found = sheets.find((s) => s.page === page);
      if (found) view.scrollTop = found.figure.offsetTop - 12;
    }
    function here() {
      const top = view.scrollTop + view.clientHeight / 3;
      const now = sheets.filter((s) => s.figure.offsetTop <= top).pop() || sheets[0];
      $$("[data-do=page]").forEach((b) => b.classList.toggle("current", Number(b.dataset.page) === now.page));
    }
    const scaled = (by) => { zoom = Math.min(6, Math.max(0.2, (zoom || fit()) * by)); lay(); paint(true); };

    does.page = (button) => at(Number(button.dataset.page));
    does["zoom-in"] = () => scaled(1.25);
    does["zoom-out"] = () => scaled(0.8);
    does.fit = () => { zoom = 0; lay(); paint(true); };
    does.rotate = () => { turn = (turn + 90) % 360; zoom = 0; lay(); paint(true); };
    view.addEventListener("scroll", here, { passive: true });
    view.addEventListener("wheel", (event) => { if (event.ctrlKey) { event.preventDefault(); scaled(event.deltaY < 0 ? 1.1 : 0.9); } }, { passive: false });
    window.addEventListener("resize", lay);
    const boxes = $("#show-boxes"), seals = $("#show-marks");
    boxes.addEventListener("change", () => view.classList.toggle("show-boxes", boxes.checked));
    seals.addEventListener("change", () => view.classList.toggle("hide-marks", !seals.checked));
    (async () => { for (const one of sheets) { try { await load(one); } catch { one.figure.remove(); } } here(); paint(true); })();
    return {
      light(cells, ofRow, evidence) { lit = cells; row = ofRow; proof = evidence; paint(true); },
      key: { "+": does["zoom-in"], "=": does["zoom-in"], "-": does["zoom-out"], 0: does.fit, r: does.rotate },
    };
  }

  function lightText(lit, row, evidence) {
    let first = null;
    for (const cell of $$("#view [data-cell]")) {
      const id = cell.dataset.cell;
      cell.classList.toggle("lit", lit.includes(id));
      cell.classList.toggle("row", row.includes(id));
      cell.classList.toggle("evidence", evidence.includes(id));
      if (!first && lit.includes(id)) first = cell;
    }
    first = first || $("#view .evidence") || $("#view .row");
    if (first) first.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  // ---- one form

  function form() {
    const desk = $(".desk"), list = $("#list"), box = $("#inspector");
    const id = desk.dataset.form;
    const picture = viewer(desk);
    let now = null;   // the element under the cursor
    let asked = 0;    // which answer is awaited: an older one that comes late is dropped
    let busy = false; // a decision on its way

    const slots = () => $$("[data-slot]", list).filter((e) => !e.matches("tr.line, .under *"));
    const stops = () => $$("#rows .whole, #rows .entry, #rows tr.line", list);
    const stopOf = (element) => element.closest(".whole, .entry, tr.line");
    const cellsOf = (element) => $$("[data-cell]", element).concat(element.matches("[data-cell]") ? [element] : []).map((e) => e.dataset.cell).filter(Boolean);

    function mark(element) {
      $$(".current, .here", list).forEach((e) => e.classList.remove("current", "here"));
      now = element;
      const stop = stopOf(element);
      stop.classList.add("current");
      if (element !== stop) element.classList.add("here");
      reveal(stop);
    }
    function reveal(stop) {
      const height = list.getBoundingClientRect(), place = stop.getBoundingClientRect();
      if (place.top < height.top + 34 || place.bottom > height.bottom - 60) list.scrollTop += place.top - height.top - height.height / 3;
    }

    const slotElement = (slot) => $$(`[data-slot="${CSS.escape(slot)}"]`, list).find((e) => !e.matches("tr.line")) || $(`[data-slot="${CSS.escape(slot)}"]`, list);

    async function choose(element, after) {
      if (!element) return;
      if (element.matches("tr.line")) element = slotElement(element.dataset.slot) || element;
      mark(element);
      const slot = element.dataset.slot, turn = ++asked;
      const answer = await (await fetched(`/form/${id}/slot/${encodeURIComponent(slot)}`)).text();
      if (turn !== asked) return;
      box.innerHTML = answer;  // the server's own template, escaped there
      box.scrollTop = 0;
      const evidence = $$(".doubt-card", box).filter((c) => c.dataset.open === "1" || slot === "form").flatMap((c) => c.dataset.cells.split(" ")).filter(Boolean);
      const stop = stopOf(element);
      picture.light(element.dataset.cell ? [element.dataset.cell] : [], stop.matches("tr.line") ? cellsOf(stop) : [], evidence);
      history.replaceState(null, "", `${location.pathname}${location.search}#${encodeURIComponent(slot)}`);
      wire();
      reveal(stop);  // what is said about it may have taken the place it stood in
      if (after) after();
    }

    function step(by) {
      const all = stops(), at = now ? all.indexOf(stopOf(now)) : -1;
      const to = all[Math.max(0, Math.min(all.length - 1, at + by))];
      if (!to || (now && to === stopOf(now))) return;
      const column = now && now.matches("td") ? now.dataset.slot.split(":")[2] : "";
      const same = column && to.matches("tr.line") ? $$("[data-slot]", to).find((e) => e.dataset.slot.split(":")[2] === column) : null;
      choose(same || to);
    }
    function across(by) {
      if (!now) return;
      const all = $$("[data-slot]", stopOf(now)), at = all.indexOf(now);
      if (at >= 0 && all[at + by]) choose(all[at + by]);
    }
    function doubt(by) {
      const all = stops(), waiting = all.filter((e) => e.classList.contains("waits"));
      if (!waiting.length) {
        note(say("conflict", "last"));
        const next = $("#after");
        if (by > 0 && next && leaving) { location.href = next.href; return; }
        leaving = by > 0;
        return;
      }
      const at = now ? all.indexOf(stopOf(now)) : by > 0 ? -1 : all.length;
      const to = by > 0 ? waiting.find((e) => all.indexOf(e) > at) || waiting[0] : waiting.filter((e) => all.indexOf(e) < at).pop() || waiting[waiting.length - 1];
      choose(doubted(to));
    }
    let leaving = false; // n pressed once where nothing waits: the next n goes to the next form

    // The slot of a row that its first open doubt is about.
    const doubted = (stop) => (stop.dataset.doubted && slotElement(stop.dataset.doubted)) || stop;

    async function refresh(slot) {
      list.innerHTML = await (await fetched(`/form/${id}/rows`)).text();  // escaped by the server, as above
      const element = (slot && slotElement(slot)) || stops()[0];
      await choose(element);
    }

    const current = () => $(".slot", box);
    const openCards = () => $$(".doubt-card", box).filter((c) => !c.classList.contains("closed"));

    async function decide(decisions, then) {
      if (busy || !decisions.length) return;
      busy = true;
      const slot = current().dataset.slot;
      let revision = current().dataset.revision;
      try {
        for (;;) {
          const { status, data } = await sent(`/form/${id}/decide`, { revision, decisions });
          if (status === 200) { note(say("conflict", "saved")); leaving = false; break; }
          if (status === 409 && data.changed) { note(say("conflict", "changed"), true, say("page", "reload")); return; }
          if (status !== 409) { note(say("conflict", "refused") + (data.refused || status), true); return; }
          if (!(await clash(data))) { note(data.theirs); await refresh(slot); return; }
          revision = data.revision;
        }
        busy = false;  // saved: what is typed now is meant for what comes next
        does.cancel();
        await refresh(slot);
        if (then) then();
      } catch { note(say("conflict", "offline"), true); } finally { busy = false; }
    }

    function clash(data) {
      const dialog = $("#clash");
      $("#clash-theirs").textContent = data.theirs;
      $("#clash-mine").textContent = data.mine;
      $("#clash-by").textContent = data.by;
      dialog.returnValue = "theirs";
      dialog.showModal();
      return new Promise((done) => dialog.addEventListener("close", () => done(dialog.returnValue === "mine"), { once: true }));
    }

    // A decision about a finding or issue itself: it has no reading that could have changed unseen.
    const aboutDoubt = (card, action, why) => ({ slot: card.dataset.doubt, kind: "dismiss", set: { action }, why });
    const checkedWords = () => say("marks", "checked");

    does.accept = () => {
      const slot = current();
      if (!slot) return;
      const decisions = [], name = slot.dataset.slot;
      if (/^(field|funding):|^row:\d+:(name|level2|target|actual|weight|score|deviation)$/.test(name))
        decisions.push({ slot: name, kind: "value", set: { action: "accept" }, why: "", seen: slot.dataset.seen });
      for (const card of openCards())
        decisions.push(card.dataset.kind === "finding" ? aboutDoubt(card, "accept", "") : aboutDoubt(card, "accept", checkedWords()));
      decide(decisions, () => doubt(1));
    };
    does.confirm = (button) => decide([aboutDoubt(button.closest(".doubt-card"), "accept", "")]);
    does.check = (button) => decide([aboutDoubt(button.closest(".doubt-card"), "accept", checkedWords())]);
    does.next = () => doubt(1);

    does.dismiss = (button) => {
      const card = button ? button.closest(".doubt-card") : openCards().find((c) => c.dataset.kind === "finding");
      const sheet = $("#dismissal", box);
      if (!card || !sheet) return;
      close();
      sheet.hidden = false;
      current().classList.add("editing");
      sheet.dataset.doubt = card.dataset.doubt;
      sheet.elements.why.focus();
      sheet.scrollIntoView({ block: "nearest" });
    };

    function close() {
      for (const name of ["#editor", "#dismissal"]) { const sheet = $(name, box); if (sheet) sheet.hidden = true; }
      if (current()) current().classList.remove("editing");
    }
    does.cancel = () => { close(); if (document.activeElement) document.activeElement.blur(); };

    does.edit = () => {
      const editor = $("#editor", box);
      if (!editor) return;
      close();
      editor.hidden = false;
      current().classList.add("editing");
      const kinds = $$("input[name=kind][type=radio]", editor);
      if (kinds.length && current().dataset.scan === "0") { const value = kinds.find((k) => k.value === "value"); if (value) value.checked = true; }
      panes();
      const text = editor.elements.text;
      if (text) { text.focus(); text.select(); } else $("select", editor).focus();
      editor.scrollIntoView({ block: "nearest" });
      reveal(stopOf(now));
      preview();
    };
    does.use = (button) => {
      const suggestion = button ? button.dataset.text : ($(".doubt-card .use", box) || { dataset: {} }).dataset.text;
      if (!suggestion) return;
      does.edit();
      const editor = $("#editor", box), text = editor.elements.text;
      const kind = $("input[name=kind][value=text]", editor);
      if (kind && kind.type === "radio") kind.checked = true;
      panes();
      if (text) { text.value = suggestion; preview(); }
    };
    does.undo = async () => {
      if (busy) return;
      const { status, data } = await sent("/undo", {});
      if (status === 200) {
        note(say("conflict", "undone"));
        if (data.form === id) await refresh(now && now.dataset.slot); else location.href = `/form/${data.form}${location.search}`;
      } else if (status === 409) note(say("conflict", "title") + "：" + data.theirs, true, say("page", "reload"));
      else note(say("conflict", "nothing_to_undo"), true);
    };
    does.withdraw = async (button) => {
      const { status, data } = await sent(`/form/${id}/withdraw`, { slot: button.dataset.slot, revision: current().dataset.revision });
      if (status === 409) note(say("conflict", "title") + "：" + data.theirs, true);
      await refresh(now.dataset.slot);
    };

    const kindOf = (editor) => { const chosen = $("input[name=kind]:checked", editor) || $("input[name=kind]", editor); return chosen.value; };
    function panes() {
      const editor = $("#editor", box);
      if (!editor) return;
      const kind = kindOf(editor);
      $$("[data-for]", editor).forEach((e) => { e.hidden = !e.dataset.for.split(" ").includes(kind); });
      const shown = $("#preview", editor);
      if (shown) shown.hidden = !/^row:\d+:(target|actual)$/.test(current().dataset.slot);
    }
    let waiting, turnOfPreview = 0;
    function preview() {
      const editor = $("#editor", box), shown = editor && $("#preview output", editor);
      if (!shown || !editor.elements.text) return;
      clearTimeout(waiting);
      waiting = setTimeout(async () => {
        const turn = ++turnOfPreview;
        const address = `/form/${id}/preview?slot=${encodeURIComponent(current().dataset.slot)}&text=${encodeURIComponent(editor.elements.text.value.slice(0, 600))}`;
        const { words: read } = await (await fetched(address)).json();
        if (turn === turnOfPreview) shown.textContent = read || "–";
      }, 120);
    }

    function made(editor) {
      const slot = current().dataset.slot, kind = kindOf(editor), row = slot.split(":").slice(0, 2).join(":");
      const one = { slot, kind, set: {}, why: editor.elements.why.value.trim(), seen: current().dataset.seen };
      if (kind === "text" || kind === "value") one.set.text = editor.elements.text.value;
      if (kind === "label") one.set.node = editor.elements.node.value;
      if (kind === "concept") Object.assign(one, { slot: `${row}:concept`, kind: "label", set: { node: editor.elements.concept.value }, seen: "" });
      if (kind === "structure") {
        const [action, other] = editor.elements.structure.value.split(" ");
        one.set.action = action;
        if (action === "move") one.set.to = other;
        if (action === "under") one.set.node = other;
        if (action !== "move" && slot !== "form") Object.assign(one, { slot: row, seen: "" });
      }
      return one;
    }

    function wire() {
      const editor = $("#editor", box), dismissal = $("#dismissal", box);
      if (editor) {
        editor.addEventListener("submit", (event) => { event.preventDefault(); decide([made(editor)]); });
        editor.addEventListener("change", () => { panes(); preview(); });
        editor.addEventListener("input", preview);
      }
      if (dismissal) dismissal.addEventListener("submit", (event) => {
        event.preventDefault();
        decide([{ slot: dismissal.dataset.doubt, kind: "dismiss", set: { action: "dismiss" }, why: dismissal.elements.why.value.trim() }], () => doubt(1));
      });
      // Enter saves from every field of the editor; a composing input method keeps it for itself.
      for (const sheet of [editor, dismissal]) if (sheet) sheet.addEventListener("keydown", (event) => {
        if (event.key !== "Enter") return;
        if (composing(event)) { event.stopPropagation(); event.preventDefault(); return; }
        if (event.target.matches("textarea") && !event.ctrlKey) return;
        if (event.target.matches("button")) return;
        event.preventDefault();
        sheet.requestSubmit();
      });
    }

    list.addEventListener("click", (event) => {
      const element = event.target.closest("td[data-slot], .entry, .whole") || event.target.closest("tr.line");
      const under = event.target.closest("tr.under");
      if (element) choose(element); else if (under) choose($(`tr.line[data-row="${under.dataset.under}"]`, list));
    });
    $("#view").addEventListener("click", (event) => {
      const cell = event.target.closest("[data-cell]");
      if (cell && cell.dataset.cell) choose($$(`[data-cell="${CSS.escape(cell.dataset.cell)}"]`, list)[0]);
    });

    const start = decodeURIComponent(location.hash.slice(1));
    const first = $(".waits", list);
    choose((start && slotElement(start)) || (first && stopOf(first)) || stops()[0]);

    const after = $("#after");
    if (after) setTimeout(() => fetch(after.href).catch(() => {}), 1200);  // drawn and laid out before it is asked for
    const away = (name) => () => { const a = $(name); if (a) location.href = a.href; };
    return {
      n: () => doubt(1), p: () => doubt(-1), j: () => step(1), ArrowDown: () => step(1), k: () => step(-1), ArrowUp: () => step(-1),
      ArrowRight: () => across(1), ArrowLeft: () => across(-1), a: () => does.accept(), e: () => does.edit(), s: () => does.use(), d: () => does.dismiss(),
      u: () => does.undo(), "[": away("#before"), "]": away("#after"), q: away("#back"), "/": away("#back"), ...picture.key,
    };
  }

  const kind = document.body.className.trim();
  const keys = kind === "queue" ? queue() : kind === "form" ? form() : {};

  document.addEventListener("keydown", (event) => {
    if (composing(event) || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape" && does.cancel && !document.querySelector("dialog[open]")) { does.cancel(); return; }
    if (typing(event.target) || document.querySelector("dialog[open]:not(#help)")) return;
    if (event.key === "?") { event.preventDefault(); does.help(); return; }
    if ($("#help").open || (event.key === "Enter" && event.target.closest("button, a"))) return;
    const does_it = keys[event.key];
    if (does_it) { event.preventDefault(); does_it(); }
  });

  // ---- is there something new? (a publish, somebody's decision)

  const published = document.body.dataset.publish;
  setInterval(async () => {
    if (document.hidden) return;
    try {
      const found = await (await fetched("/pulse")).json();
      if (found.publish !== published) note(say("page", "new_publish"), false, say("page", "reload"));
    } catch { /* the next one may be answered */ }
  }, 5000);
})();
