"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const pageSize = 50;
  const longestDiff = 1500;
  const byId = (id) => document.getElementById(id);
  const state = { subject: 0, key: "row", down: false, page: 0, text: "", status: "" };
  let rows = [];

  const make = (name, text, className) => {
    const element = document.createElement(name);
    if (text !== undefined) element.textContent = text;
    if (className) element.className = className;
    return element;
  };

  // A column of the sample table: its title, and the value by which it sorts.
  const columns = () => {
    const subject = data.subjects[state.subject];
    return [
      { key: "row", title: "row", value: (i) => i },
      { key: "status", title: "status", value: (i) => subject.status[i] },
      ...subject.scores.map((score) => ({ key: "score " + score.name, title: score.name, value: (i) => score.values[i] })),
    ];
  };

  const compare = (a, b) => {
    if (a === b) return 0;
    if (a === null) return 1;
    if (b === null) return -1;
    return a < b ? -1 : 1;
  };

  const select = () => {
    const subject = data.subjects[state.subject];
    const wanted = state.text.toLowerCase();
    rows = [];
    for (let i = 0; i < subject.status.length; ++i) {
      if (state.status !== "" && data.statuses[subject.status[i]] !== state.status) continue;
      if (wanted !== "" && !(subject.predictions[i] || "").toLowerCase().includes(wanted) &&
          !(subject.truths[i] || "").toLowerCase().includes(wanted)) continue;
      rows.push(i);
    }
    const column = columns().find((one) => one.key === state.key) || columns()[0];
    const sign = state.down ? -1 : 1;
    rows.sort((a, b) => {
      const x = column.value(a), y = column.value(b);
      // What has no number stays at the end, whichever way the rest is sorted.
      return (x === null || y === null ? compare(x, y) : sign * compare(x, y)) || a - b;
    });
    state.page = 0;
  };

  const words = (text) => text.split(/\s+/).filter((word) => word !== "").slice(0, longestDiff);

  // The longest common subsequence of words; [kind, text] pairs.
  const diff = (from, to) => {
    const a = words(from), b = words(to);
    const length = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1));
    for (let i = a.length - 1; i >= 0; --i) {
      for (let j = b.length - 1; j >= 0; --j) {
        length[i][j] = a[i] === b[j] ? length[i + 1][j + 1] + 1 : Math.max(length[i + 1][j], length[i][j + 1]);
      }
    }
    const parts = [];
    let i = 0, j = 0;
    while (i < a.length || j < b.length) {
      if (i < a.length && j < b.length && a[i] === b[j]) { parts.push(["span", a[i]]); ++i; ++j; }
      else if (j >= b.length || (i < a.length && length[i + 1][j] >= length[i][j + 1])) parts.push(["del", a[i++]]);
      else parts.push(["ins", b[j++]]);
    }
    return parts;
  };

  const detail = (i, width) => {
    const subject = data.subjects[state.subject];
    const line = make("tr", undefined, "detail");
    const cell = make("td");
    cell.colSpan = width;
    const truth = subject.truths[i] === null ? "" : subject.truths[i];
    cell.append(make("strong", "ground truth → prediction: "));
    for (const [kind, text] of diff(truth, subject.predictions[i] || "")) cell.append(make(kind, text), " ");
    line.append(cell);
    return line;
  };

  const number = (value) => value === null ? "–" : Number.isInteger(value) ? String(value) : value.toFixed(4);

  const sampleRow = (i, shown) => {
    const subject = data.subjects[state.subject];
    const line = make("tr", undefined, "row");
    line.tabIndex = 0;
    line.append(make("td", String(i + 1)), make("td", data.statuses[subject.status[i]]));
    for (const score of subject.scores) line.append(make("td", number(score.values[i])));
    for (const text of [subject.predictions[i], subject.truths[i]]) {
      const cell = make("td", undefined, "text");
      cell.append(make("div", text === null ? "–" : text, "clip"));
      line.append(cell);
    }
    const toggle = () => {
      if (line.nextSibling && line.nextSibling.className === "detail") line.nextSibling.remove();
      else line.after(detail(i, shown.length + 2));
    };
    line.addEventListener("click", toggle);
    line.addEventListener("keydown", (event) => { if (event.key === "Enter") toggle(); });
    return line;
  };

  const draw = () => {
    const shown = columns();
    const head = make("tr");
    for (const column of shown) {
      const cell = make("th");
      const button = make("button", column.title);
      cell.setAttribute("aria-sort", column.key !== state.key ? "none" : state.down ? "descending" : "ascending");
      button.addEventListener("click", () => {
        state.down = state.key === column.key && !state.down;
        state.key = column.key;
        select();
        draw();
      });
      cell.append(button);
      head.append(cell);
    }
    head.append(make("th", "prediction", "text"), make("th", "ground truth", "text"));
    const table = byId("samples");
    table.tHead.replaceChildren(head);
    const first = state.page * pageSize;
    table.tBodies[0].replaceChildren(...rows.slice(first, first + pageSize).map((i) => sampleRow(i, shown)));
    const last = Math.min(first + pageSize, rows.length);
    byId("count").textContent = rows.length === 0 ? "no samples" : `${first + 1}–${last} of ${rows.length}`;
    byId("before").disabled = first === 0;
    byId("after").disabled = last >= rows.length;
  };

  const refresh = () => { select(); draw(); };
  const onChange = (id, kind, act) => byId(id).addEventListener(kind, (event) => { act(event.target.value); refresh(); });
  data.subjects.forEach((subject, i) => byId("subject").append(new Option(subject.name, String(i))));
  byId("subject").hidden = data.subjects.length < 2;
  data.statuses.forEach((status) => byId("status").append(new Option(status, status)));
  onChange("subject", "change", (value) => { state.subject = Number(value); state.key = "row"; });
  onChange("status", "change", (value) => { state.status = value; });
  onChange("search", "input", (value) => { state.text = value; });
  byId("before").addEventListener("click", () => { --state.page; draw(); });
  byId("after").addEventListener("click", () => { ++state.page; draw(); });
  refresh();
})();
