// Search, filter by sensitivity, where one is in the page, and the lines of the relations. Without it all is readable.
(() => {
  "use strict";
  const words = JSON.parse(document.getElementById("dictionary-data").textContent);
  const sections = [...document.querySelectorAll("section.entity")];
  const rows = new Map(sections.map(section => [section, [...section.querySelectorAll("tbody tr")]]));
  const link_of = new Map([...document.querySelectorAll(".contents a")].map(link => [link.hash.slice(1), link]));
  const plain = text => text.normalize("NFKC").toLowerCase();
  const text_of = new Map();
  for (const [section, lines] of rows) {
    text_of.set(section, plain(section.dataset.title));
    for (const line of lines) text_of.set(line, plain(line.textContent));
  }

  // Search: every word must be in the field's line, or in the entity's names.
  const search = document.getElementById("search");
  const found = document.getElementById("found");
  const buttons = [...document.querySelectorAll(".levels button")];
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);

  function show() {
    const wanted = plain(search.value).split(/\s+/).filter(Boolean);
    const levels = buttons.filter(b => b.getAttribute("aria-pressed") === "true").map(b => b.dataset.level);
    const all = wanted.length === 0 && levels.length === 0;
    let fields = 0, entities = 0;
    for (const [section, lines] of rows) {
      let here = 0;
      for (const line of lines) {
        const fits = wanted.every(word => text_of.get(line).includes(word) || text_of.get(section).includes(word)) &&
          (levels.length === 0 || levels.includes(line.dataset.level));
        line.hidden = !fits;
        here += fits;
      }
      section.hidden = here === 0;
      link_of.get(section.id).hidden = here === 0;
      fields += here;
      entities += here > 0;
    }
    document.getElementById("relations").hidden = !all;
    for (const block of document.querySelectorAll(".contents > div")) {
      block.hidden = ![...block.querySelectorAll("a")].some(link => !link.hidden);
    }
    found.textContent = all ? "" : fields === 0 ? words.nothing : fill(words.found, {fields, entities});
    if (all) draw();
  }
  search.addEventListener("input", show);
  for (const button of buttons) {
    button.addEventListener("click", () => {
      button.setAttribute("aria-pressed", button.getAttribute("aria-pressed") !== "true");
      show();
    });
  }
  document.addEventListener("keydown", event => {
    if (event.key === "/" && document.activeElement !== search) {
      event.preventDefault();
      search.focus();
    } else if (event.key === "Escape" && document.activeElement === search) {
      search.value = "";
      show();
    }
  });
  // A link to an entity that the search hides shows everything again.
  document.addEventListener("click", event => {
    const link = event.target.closest('a[href^="#"]');
    const target = link && document.getElementById(link.hash.slice(1));
    if (!target || !target.hidden) return;
    search.value = "";
    buttons.forEach(button => button.setAttribute("aria-pressed", "false"));
    show();
  });

  // Where one is.
  const seen = new Set();
  const watch = new IntersectionObserver(entries => {
    for (const entry of entries) entry.isIntersecting ? seen.add(entry.target) : seen.delete(entry.target);
    const first = sections.find(section => seen.has(section));
    for (const [id, link] of link_of) {
      if (first && id === first.id) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  }, {rootMargin: "0px 0px -70% 0px"});
  for (const section of sections) watch.observe(section);

  // Relations of one entity: solid lines to what it names, dashed ones from what names it.
  const map = document.getElementById("map");
  const nodes = new Map([...map.querySelectorAll(".node")].map(node => [node.dataset.entity, node]));
  const names = entity => (nodes.get(entity).dataset.names || "").split(" ").filter(name => nodes.has(name));
  const svg = map.appendChild(document.createElementNS("http://www.w3.org/2000/svg", "svg"));
  let chosen = nodes.has("customer") ? "customer" : null;

  function line(from, to, kind) {
    const frame = map.getBoundingClientRect();
    const a = from.getBoundingClientRect(), b = to.getBoundingClientRect();
    const right = a.left < b.left, same = Math.abs(a.left - b.left) < 4;
    const x1 = (right ? a.right : a.left) - frame.left, y1 = a.top + a.height / 2 - frame.top;
    const x2 = (same ? b.left : right ? b.left : b.right) - frame.left, y2 = b.top + b.height / 2 - frame.top;
    const bend = same ? -26 : (x2 - x1) / 2;
    const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
    path.setAttribute("d", same ? `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 + bend} ${y2} ${x2} ${y2}`
      : `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`);
    path.setAttribute("class", kind);
    svg.append(path);
  }

  function draw() {
    svg.replaceChildren();
    map.classList.toggle("chosen", chosen !== null);
    const out = chosen ? names(chosen) : [];
    for (const [entity, node] of nodes) {
      const inward = chosen !== null && entity !== chosen && names(entity).includes(chosen);
      node.classList.toggle("here", entity === chosen);
      node.classList.toggle("out", out.includes(entity));
      node.classList.toggle("in", inward);
      if (inward) line(nodes.get(chosen), node, "line-in");
      if (out.includes(entity)) line(nodes.get(chosen), node, "line-out");
    }
  }
  for (const [entity, node] of nodes) {
    const choose = () => { chosen = entity; draw(); };
    node.addEventListener("mouseenter", choose);
    node.addEventListener("focus", choose);
  }
  addEventListener("resize", draw);
  draw();
})();
