// Search in the browser: loads the files of the words that are asked for, and of the papers that are shown.
// Pages' texts are set as text, never as markup. flows/site/words.py has the same rules for words.
"use strict";
(() => {
  const SHOWN = 20, FILES_A_WORD = 12, PREFIX_MIN = 3;
  const FACET = /^(source|year|is|has):(\S+)$/;
  const form = document.getElementById("search-form");
  const status = document.getElementById("search-status");
  const results = document.getElementById("search-results");
  const more = document.getElementById("search-more");
  const loaded = new Map(), arrived = new Map();

  // Each file of the index calls this with what it holds.
  window.paperlog = (kind, name, value) => arrived.set(`${kind} ${name}`, value);

  function load(file, key) {
    if (!loaded.has(file)) {
      loaded.set(file, new Promise((resolve, reject) => {
        const script = document.createElement("script");
        script.src = `search/${file}`;
        script.onload = () => (arrived.has(key) ? resolve(arrived.get(key)) : reject(new Error(file)));
        script.onerror = () => reject(new Error(file));
        document.head.append(script);
      }));
    }
    return loaded.get(file);
  }

  function wordsOf(text, about) {
    const plain = text.normalize("NFKD").toLowerCase().normalize("NFKD").replace(/\p{M}+/gu, "");
    const found = plain.match(/[\p{L}\p{N}]+/gu) || [];
    return found.map((each) => [...each].slice(0, about.length).join("")).filter((each) => !about.stop.includes(each));
  }

  function unpacked(text) {
    const numbers = [];
    let last = -1;
    for (const [, long, short] of text.matchAll(/\(([0-9a-z]+)\)|([0-9a-z])/g)) {
      last += parseInt(long || short, 36);
      numbers.push(last);
    }
    return numbers;
  }

  // By code points, as Python sorts.
  function isBefore(left, right) {
    const a = [...left], b = [...right];
    for (let place = 0; place < Math.min(a.length, b.length); place += 1) {
      if (a[place] !== b[place]) return a[place].codePointAt(0) < b[place].codePointAt(0);
    }
    return a.length < b.length;
  }

  function filesOf(word, isPrefix, files) {
    let first = 0;
    while (first + 1 < files.length && !isBefore(word, files[first + 1][0])) first += 1;
    let last = first;
    while (isPrefix && last + 1 < files.length && files[last + 1][0].startsWith(word)) last += 1;
    return files.slice(first, Math.min(last + 1, first + FILES_A_WORD));
  }

  async function scoresOf(word, about) {
    const isPrefix = [...word].length >= PREFIX_MIN, scores = new Map();
    const held = await Promise.all(filesOf(word, isPrefix, about.files).map(([name, file]) => load(file, `words ${name}`)));
    for (const [known, strong, weak] of held.flat()) {
      const isSame = known === word;
      if (!isSame && !(isPrefix && known.startsWith(word))) continue;
      for (const [numbers, points] of [[strong, isSame ? 8 : 5], [weak, isSame ? 2 : 1]]) {
        for (const number of unpacked(numbers)) scores.set(number, Math.max(scores.get(number) || 0, points));
      }
    }
    return scores;
  }

  async function facetsOf(wanted) {
    const rows = new Map(await load("facets.js", "facets "));
    return wanted.map((each) => new Set(unpacked(rows.get(each) || "")));
  }

  async function found(query) {
    const about = await load("about.js", "about ");
    const parts = query.q.split(/\s+/).filter(Boolean);
    const facets = [...parts.filter((each) => FACET.test(each)), ...query.facets];
    const words = [...new Set(wordsOf(parts.filter((each) => !FACET.test(each)).join(" "), about))];
    const allowed = facets.length ? await facetsOf(facets) : [];
    const scores = await Promise.all(words.map((each) => scoresOf(each, about)));
    let numbers = scores.length ? [...scores[0].keys()] : facets.length ? [...allowed[0]] : [];
    numbers = numbers.filter((each) => scores.every((of) => of.has(each)) && allowed.every((of) => of.has(each)));
    const total = (number) => scores.reduce((sum, of) => sum + of.get(number), 0);
    numbers.sort((left, right) => total(right) - total(left) || right - left);
    return { numbers, about, isAsked: words.length > 0 || facets.length > 0 };
  }

  function element(name, className, text) {
    const made = document.createElement(name);
    if (className) made.className = className;
    if (text !== undefined) made.textContent = text;
    return made;
  }

  function item(paper, place) {
    const [key, title, authors, day, sources, upvotes] = paper;
    const about = element("div", "about"), heading = element("h3"), link = element("a", title ? "" : "untitled", title || key);
    link.href = `papers/${encodeURIComponent(key)}.html`;
    heading.append(link);
    about.append(heading);
    if (authors) about.append(element("p", "meta", authors));
    about.append(element("p", "meta", [sources, day].filter(Boolean).join(", ")));
    const votes = element("div", "votes");
    if (upvotes !== null) votes.append(element("b", "", upvotes.toLocaleString("en")), element("span", "", upvotes === 1 ? "upvote" : "upvotes"));
    const rank = element("span", "rank", String(place)), made = element("li");
    rank.setAttribute("aria-hidden", "true");
    made.append(rank, about, votes);
    return made;
  }

  async function show({ numbers, about }, from) {
    const shown = numbers.slice(from, from + SHOWN);
    const files = shown.map((each) => Math.floor(each / about.size));
    const held = await Promise.all(files.map((each) => load(`papers-${each}.js`, `papers ${each}`)));
    const items = shown.map((number, place) => item(held[place][number % about.size], from + place + 1));
    results.append(...items);
    more.hidden = from + SHOWN >= numbers.length;
    more.onclick = () => show({ numbers, about }, from + SHOWN);
    if (from) items[0].querySelector("a").focus();
  }

  async function answer(query) {
    status.textContent = "Searching …";
    const answered = await found(query);
    const count = answered.numbers.length;
    if (!answered.isAsked) {
      status.textContent = query.q ? "These words are in nearly every paper: add another one." : "";
      return;
    }
    if (count) await show(answered, 0);
    status.textContent = count ? `${count.toLocaleString("en")} ${count === 1 ? "paper" : "papers"}` : "No paper fits. Try fewer words, or fewer choices.";
  }

  const asked = new URLSearchParams(location.search);
  const query = { q: (asked.get("q") || "").slice(0, 300), facets: asked.getAll("only").filter((each) => FACET.test(each)) };
  form.elements.q.value = query.q;
  for (const field of form.querySelectorAll("[name=only]")) {
    if (field.type === "checkbox") field.checked = query.facets.includes(field.value);
    else field.value = [...field.options].map((each) => each.value).find((each) => query.facets.includes(each)) || "";
  }
  if (query.facets.length) form.querySelector("details").open = true;
  answer(query).catch(() => { status.textContent = "A file of the index could not be loaded. Open the page again."; });
})();
