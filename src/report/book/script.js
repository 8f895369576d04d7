"use strict";
(() => {
  const root = document.documentElement;
  const byId = (id) => document.getElementById(id);
  const keep = {
    get(name) { try { return localStorage.getItem(name); } catch { return null; } },
    set(name, value) { try { localStorage.setItem(name, value); } catch { /* a page from disk may have no memory */ } },
  };

  // The language of labels.
  const lang = byId("lang");
  const speak = (code) => { root.dataset.lang = code; };
  const known = keep.get("clausal-lang");
  if (known && [...lang.options].some((option) => option.value === known)) { lang.value = known; speak(known); }
  lang.addEventListener("change", () => { speak(lang.value); keep.set("clausal-lang", lang.value); });
  if (lang.options.length < 2) { lang.parentElement.hidden = true; }

  // On a narrow screen the contents are folded; on paper nothing is.
  const contents = document.querySelector("#contents > details");
  if (matchMedia("(max-width: 60rem)").matches) { contents.open = false; }
  addEventListener("beforeprint", () => {
    document.querySelectorAll("#contents > details, main details").forEach((details) => { details.open = true; });
  });

  // What a link leads to is unfolded.
  const unfold = () => {
    let place = byId(decodeURIComponent(location.hash.slice(1)));
    for (; place; place = place.parentElement) { if (place.tagName === "DETAILS") { place.open = true; } }
  };
  addEventListener("hashchange", unfold);
  unfold();

  // The search: every word must stand in the entry; what stands in its title comes first.
  const plain = (text) => text.normalize("NFKD").toLowerCase().replace(/\s+/g, " ").trim();
  let entries = null;
  const gather = () => [...document.querySelectorAll("[data-k]")].map((element) => {
    const head = element.querySelector("h3, caption, th[scope=row]") || element;
    const title = head.cloneNode(true);
    title.querySelectorAll(".kind, .self, .cites").forEach((part) => part.remove());
    // What a clause says is found at the clause, and a scenario at the scenario.
    const body = element.cloneNode(true);
    body.querySelectorAll(".says, .reached, .source").forEach((part) => part.remove());
    return {
      id: element.id, kind: element.dataset.k, head: title,
      title: plain(title.textContent), name: plain(element.id), text: plain(body.textContent),
    };
  });
  const [q, found, count] = [byId("q"), byId("found"), byId("count")];
  const MOST = 50;
  let chosen = -1;
  const close = () => {
    found.hidden = true; q.setAttribute("aria-expanded", "false"); q.removeAttribute("aria-activedescendant"); chosen = -1;
  };
  const choose = (number) => {
    const options = [...found.children];
    if (!options.length) { return; }
    chosen = (number + options.length) % options.length;
    options.forEach((option, i) => option.setAttribute("aria-selected", String(i === chosen)));
    q.setAttribute("aria-activedescendant", options[chosen].id);
    options[chosen].scrollIntoView({ block: "nearest" });
  };
  const go = (id) => { close(); location.hash = "#" + encodeURIComponent(id); unfold(); const place = byId(id);
    place.tabIndex = -1; place.focus({ preventScroll: true }); place.scrollIntoView(); };
  const search = () => {
    entries ||= gather();
    const words = plain(q.value).split(" ").filter(Boolean);
    found.replaceChildren();
    if (!words.length) { count.textContent = ""; close(); return; }
    const has = (text) => words.every((word) => text.includes(word));
    const rank = (entry) => has(entry.name) || has(entry.title) ? 0 : has(entry.text + " " + entry.name) ? 1 : 2;
    const ranked = entries.map((entry) => [rank(entry), entry]).filter(([r]) => r < 2);
    ranked.sort((a, b) => a[0] - b[0]);
    ranked.slice(0, MOST).forEach(([, entry], number) => {
      const option = document.createElement("li");
      const kind = document.createElement("span");
      kind.className = "kind"; kind.textContent = entry.kind;
      option.append(kind, ...entry.head.cloneNode(true).childNodes);
      option.querySelectorAll("[id]").forEach((part) => part.removeAttribute("id"));
      option.querySelectorAll("a").forEach((part) => part.replaceWith(...part.childNodes));
      option.id = "found-" + number; option.role = "option"; option.dataset.to = entry.id;
      option.setAttribute("aria-selected", "false");
      found.append(option);
    });
    const all = ranked.length;
    count.textContent = all === 0 ? "nothing found" : all > MOST ? MOST + " of " + all : all + " found";
    found.hidden = all === 0; q.setAttribute("aria-expanded", String(all > 0)); chosen = -1;
  };
  q.addEventListener("input", search);
  q.addEventListener("focus", () => { if (q.value) { search(); } });
  q.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (found.hidden) { search(); }
      choose(event.key === "ArrowDown" ? chosen + 1 : chosen < 0 ? -1 : chosen - 1);
    } else if (event.key === "Escape") { if (found.hidden) { q.value = ""; count.textContent = ""; } close(); }
  });
  byId("search").addEventListener("submit", (event) => {
    event.preventDefault();
    const option = found.children[Math.max(chosen, 0)];
    if (option) { go(option.dataset.to); }
  });
  found.addEventListener("mousedown", (event) => event.preventDefault());
  found.addEventListener("click", (event) => {
    const option = event.target.closest("li");
    if (option) { go(option.dataset.to); }
  });
  document.addEventListener("click", (event) => { if (!byId("search").contains(event.target)) { close(); } });
  document.addEventListener("keydown", (event) => {
    const typing = /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName);
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) { event.preventDefault(); q.focus(); q.select(); }
  });
})();
