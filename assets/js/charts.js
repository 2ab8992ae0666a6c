// Charts of the tables beside them: what a table says is what is drawn, and a bar leads where its number leads.
const echarts = window.echarts;
const drawn = [];
const probe = document.createElement("span");
probe.hidden = true;
document.body.append(probe);

// Colours are those of the page, light or dark: the browser works them out.
function colour(name) {
  probe.style.color = `var(--${name})`;
  return getComputedStyle(probe).color;
}

function read(box) {
  const table = box.closest("section").querySelector("table");
  const heads = [...table.tHead.rows[0].cells];
  const lines = [...table.tBodies[0].rows];
  const series = box.dataset.columns.split(",").map((code) => {
    const at = heads.findIndex((head) => head.dataset.series === code);
    const links = lines.map((line) => line.cells[at].querySelector("a"));
    return {
      name: heads[at].textContent,
      tone: heads[at].dataset.tone,
      numbers: links.map((link) => Number(link.textContent.replaceAll(",", ""))),
      addresses: links.map((link) => link.href),
    };
  });
  return { names: lines.map((line) => line.cells[0].textContent), series };
}

function options(box, { names, series }) {
  const kind = box.dataset.chart;
  const across = kind.startsWith("months");
  const ink = colour("ink"), faint = colour("faint"), line = colour("line"), surface = colour("surface");
  const text = { color: faint, fontFamily: getComputedStyle(document.body).fontFamily, fontSize: 12 };
  const names_ = { type: "category", data: names, inverse: !across, axisLabel: { ...text, color: ink, width: 110, overflow: "truncate" }, axisLine: { lineStyle: { color: line } }, axisTick: { show: false } };
  const numbers = { type: "value", minInterval: 1, axisLabel: text, splitLine: { lineStyle: { color: line } } };
  return {
    animation: false,
    textStyle: text,
    grid: { left: 8, right: 16, top: 28, bottom: 4, containLabel: true },
    legend: { top: 0, left: 0, itemWidth: 12, itemHeight: 12, textStyle: { ...text, color: ink } },
    tooltip: { renderMode: "richText", trigger: "axis", axisPointer: { type: "shadow" }, backgroundColor: surface, borderColor: line, textStyle: { ...text, color: ink } },
    xAxis: across ? { ...names_, axisLabel: { ...text, color: ink } } : numbers,
    yAxis: across ? numbers : names_,
    series: series.map((each) => ({
      type: "bar",
      name: each.name,
      data: each.numbers,
      stack: kind.endsWith("stack") ? "whole" : undefined,
      barMaxWidth: 18,
      cursor: "pointer",
      itemStyle: { color: colour(`chart-${each.tone}`), borderColor: surface, borderWidth: 0.5 },
    })),
  };
}

function draw(box) {
  const found = read(box);
  const chart = echarts.init(box, null, { renderer: "canvas" });
  chart.setOption(options(box, found));
  chart.on("click", ({ seriesIndex, dataIndex }) => window.location.assign(found.series[seriesIndex].addresses[dataIndex]));
  drawn.push({ chart, box, found });
}

function redraw() {
  for (const { chart, box, found } of drawn) chart.setOption(options(box, found), { notMerge: true });
}

if (echarts) {
  document.querySelectorAll("[data-chart]").forEach(draw);
  const root = document.documentElement;
  new MutationObserver(redraw).observe(root, { attributes: true, attributeFilter: ["data-bs-theme"] });
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
  const resized = new ResizeObserver(() => drawn.forEach(({ chart }) => chart.resize()));
  drawn.forEach(({ box }) => resized.observe(box));
  // Paper is white.
  let theme = "";
  window.addEventListener("beforeprint", () => { theme = root.dataset.bsTheme; root.dataset.bsTheme = "light"; redraw(); });
  window.addEventListener("afterprint", () => { root.dataset.bsTheme = theme; redraw(); });
}
