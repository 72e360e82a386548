// Draws the charts of a report. Everything else on the page works without this script; every number it prints was
// written by the program. A chart's entry in the page's data block names the element it belongs to (id) and its kind:
//   shares  groups, series[{name, values, labels}]        shares of customers, revenue, energy per group
//   bars    groups, tones, values, labels                 one attribute of all centres, in its own unit
//   trial   ks, values, labels, axis, better ("higher", "lower"), recommended, published   one quality index over the number of groups
//   curve   points[[x, y]], labels, x, y, typical         share of energy over share of customers
//   radar   axes, groups, tones, values[group][axis] (index), labels        indices of the groups; rings at 1/4 .. 4, logarithmic
//   lines   groups, tones, values[group][x], labels[group][x], xs, y       one curve per group
//   map     groups, tones, points[[x, y, group]], centres, starts, regions, start_regions, box, words   groups on a plane
//   stacks  groups, parts, values[part][group], labels[part][group], x      what a number of each group is made of
//   histogram  groups, tones, values[group][step], marks, step, log, x, y     counts in steps of a score; marks are thresholds
//   day     xs, values, labels                            one shape of a day, small; all of a page on one scale
//   flow    nodes[{name, label, tone, side}], links[{source, target, value, label}]      who moved from where to where
"use strict";
(function () {
  if (typeof echarts === "undefined") return;
  const data = JSON.parse(document.getElementById("report-data").textContent);
  const root = getComputedStyle(document.documentElement);
  const colour = (name) => root.getPropertyValue("--" + name).trim();
  const ink = colour("ink");
  const soft = colour("soft");
  const line = colour("line");
  const font = getComputedStyle(document.body).fontFamily;
  // What a tooltip shows is data: it is text, never markup.
  const plain = (text) => String(text).replace(/[&<>"']/g, (c) => "&#" + c.charCodeAt(0) + ";");
  const ruler = document.createElement("canvas").getContext("2d");
  const wide = (text, size) => {
    ruler.font = size + "px " + font;
    return Math.ceil(ruler.measureText(text).width);
  };
  const percent = (share) => Math.round(share * 100) + "%";
  const base = () => ({
    animation: false,
    textStyle: { fontFamily: font, fontSize: 13, color: ink },
    tooltip: { confine: true, textStyle: { fontFamily: font, fontSize: 13, color: ink } },
  });
  const seriesColours = [colour("customers"), colour("revenue"), colour("energy")];

  const draw = {
    shares(chart, width) {
      const names = chart.groups.map((name) => wrapped(name, 150));
      const widest = Math.max(...names.flatMap((name) => name.split("\n").map((part) => wide(part, 13))));
      return Object.assign(base(), {
        legend: { top: 0, left: 0, itemWidth: 12, itemHeight: 12, itemGap: 20, selectedMode: false,
          textStyle: { color: soft, fontSize: 13 } },
        grid: { left: widest + 16, right: 64, bottom: 26,
          top: 12 + 25 * legend_rows(chart.series.map((series) => series.name), width, 20) },
        xAxis: { type: "value", min: 0, axisLabel: { formatter: percent, color: soft, hideOverlap: true }, splitNumber: width < 420 ? 2 : 4,
          splitLine: { lineStyle: { color: line } } },
        yAxis: { type: "category", inverse: true, data: chart.groups, axisTick: { show: false },
          axisLine: { lineStyle: { color: line } },
          axisLabel: { color: ink, fontSize: 13, lineHeight: 17, formatter: (name, at) => names[at] } },
        series: chart.series.map((series, at) => ({
          type: "bar", name: series.name, barMaxWidth: 18, barGap: "18%", barCategoryGap: "30%",
          itemStyle: { color: seriesColours[at % seriesColours.length], borderRadius: [0, 2, 2, 0] },
          label: { show: true, position: "right", color: ink, formatter: (p) => series.labels[p.dataIndex] },
          tooltip: { formatter: (p) => plain(p.name) + "<br>" + plain(series.name) + " " + plain(series.labels[p.dataIndex]) },
          data: series.values,
        })),
      });
    },

    bars(chart, width) {
      const known = chart.values.filter((value) => value !== null);
      const lowest = Math.min(0, ...known);
      const highest = Math.max(0, ...known);
      // Labels stand outside of the bars: so much of the width is theirs on the sides to which bars grow.
      const names = Math.min(116, Math.max(...chart.groups.map((name) => wide(name, 12)))) + 14;
      const label = Math.max(...chart.labels.map((text) => wide(text, 12))) + 12;
      const left = lowest < 0 ? label : 0;
      const right = highest > 0 || lowest === 0 ? label : 4;
      const unit = (highest - lowest || 1) / Math.max(24, width - names - left - right);
      return Object.assign(base(), {
        grid: { left: names, right: 0, top: 2, bottom: 2 },
        xAxis: { type: "value", show: false, min: lowest - left * unit, max: highest + right * unit },
        yAxis: { type: "category", inverse: true, data: chart.groups, axisTick: { show: false },
          axisLine: { show: lowest >= 0, lineStyle: { color: line } },
          axisLabel: { color: soft, fontSize: 12, width: 116, overflow: "truncate" } },
        series: [{
          type: "bar", barMaxWidth: 16,
          data: chart.values.map((value, at) => ({
            value, itemStyle: { color: colour(chart.tones[at]), borderRadius: 2 },
            label: { position: value < 0 ? "left" : "right" },
          })),
          label: { show: true, color: ink, fontSize: 12, formatter: (p) => chart.labels[p.dataIndex] },
          tooltip: { formatter: (p) => plain(p.name) + "<br>" + plain(chart.labels[p.dataIndex]) },
        }],
      });
    },

    trial(chart) {
      // The better side of the curve is free; of neighbours the higher one has its label above, the other one below.
      const better = chart.better === "lower" ? "bottom" : "top";
      const near = Math.abs(chart.recommended - chart.published) === 1;
      const value = (k) => chart.values[chart.ks.indexOf(k)];
      const higher = value(chart.recommended) >= value(chart.published) ? chart.recommended : chart.published;
      const side = (k) => (near ? (k === higher ? "top" : "bottom") : better);
      const mark = (k, symbol, style) => ({
        type: "scatter", symbol, symbolSize: 15, z: 5, itemStyle: style, silent: true,
        data: chart.ks.map((own, at) => (own === k ? chart.values[at] : null)),
      });
      return Object.assign(base(), {
        grid: { left: 6, right: 16, top: 24, bottom: 28, containLabel: true },
        xAxis: { type: "category", data: chart.ks.map(String), name: chart.axis, nameLocation: "middle", nameGap: 28,
          nameTextStyle: { color: soft }, axisTick: { show: false }, axisLine: { lineStyle: { color: line } },
          axisLabel: { color: soft } },
        yAxis: { type: "value", scale: true, boundaryGap: ["22%", "12%"], splitNumber: 3, axisLabel: { color: soft },
          splitLine: { lineStyle: { color: line } } },
        series: [
          { type: "line", symbol: "circle", symbolSize: 6, connectNulls: false,
            lineStyle: { color: colour("customers"), width: 2 }, itemStyle: { color: colour("customers") },
            data: chart.values.map((value, at) => ({ value, label: { position: side(chart.ks[at]) } })),
            label: { show: true, distance: 11, color: ink, fontSize: 12, textBorderColor: "#fff", textBorderWidth: 3,
              formatter: (p) => [chart.recommended, chart.published].includes(chart.ks[p.dataIndex]) ? chart.labels[p.dataIndex] : "" },
            tooltip: { formatter: (p) => "k = " + plain(p.name) + "<br>" + plain(chart.labels[p.dataIndex]) } },
          mark(chart.published, "circle", { color: "#fff", borderColor: colour("revenue"), borderWidth: 3, opacity: 1 }),
          mark(chart.recommended, "diamond", { color: colour("energy"), opacity: 1 }),
        ],
      });
    },

    curve(chart) {
      const labels = chart.labels;
      return Object.assign(base(), {
        grid: { left: 6, right: 26, top: 34, bottom: 30, containLabel: true },
        xAxis: { type: "value", min: 0, max: 1, name: chart.x, nameLocation: "middle", nameGap: 32,
          nameTextStyle: { color: soft }, axisLabel: { formatter: percent, color: soft }, splitLine: { show: false } },
        yAxis: { type: "value", min: 0, max: 1, name: chart.y, nameTextStyle: { color: soft, align: "left" },
          axisLabel: { formatter: percent, color: soft }, splitLine: { lineStyle: { color: line } } },
        series: [
          { type: "line", silent: true, symbol: "none", lineStyle: { color: soft, width: 1, type: "dashed" },
            data: [[0, 0], [1, 1]] },
          { type: "line", symbolSize: 6, itemStyle: { color: colour("revenue") },
            lineStyle: { color: colour("revenue"), width: 2.5 },
            areaStyle: { color: colour("revenue"), opacity: 0.08 },
            data: [[0, 0]].concat(chart.points),
            markPoint: { symbol: "circle", symbolSize: 13, itemStyle: { color: colour("energy") },
              label: { position: "right", distance: 8, color: ink, fontSize: 13, fontWeight: 600,
                formatter: () => percent(chart.typical[0]) + " → " + (chart.typical[1] * 100).toFixed(1) + "%" },
              data: [{ coord: chart.typical }] },
            tooltip: { formatter: (p) => plain(p.dataIndex > 0 ? labels[p.dataIndex - 1] : "0") } },
        ],
      });
    },
  };

  // 1/4 .. 4 on even rings; beyond both ends stands at the end.
  const ring = (index) => Math.min(4, Math.max(0, Math.log2(Math.max(index, 0.01)) + 2));
  const group_legend = (chart) => ({ top: 0, left: 0, itemWidth: 12, itemHeight: 12, itemGap: 16, icon: "roundRect",
    data: chart.groups, textStyle: { color: soft, fontSize: 13 } });

  // Rows that a legend takes in this width.
  const legend_rows = (names, width, gap) => names.reduce((rows, name) => {
    const own = 17 + wide(name, 13) + gap;
    return rows.used > 0 && rows.used + own > width ? { lines: rows.lines + 1, used: own } : { lines: rows.lines, used: rows.used + own };
  }, { lines: 1, used: 0 }).lines;

  // Lines no wider than `most`, between words where there are any, else between characters.
  const wrapped = (name, most) => {
    const parts = name.includes(" ") ? name.split(" ").map((word, at) => (at > 0 ? " " : "") + word) : Array.from(name);
    const lines = [""];
    parts.forEach((part) => {
      const last = lines.length - 1;
      if (lines[last] !== "" && wide(lines[last] + part, 12) > most) lines.push(part.trimStart());
      else lines[last] += part;
    });
    return lines.join("\n");
  };

  draw.radar = (chart, width) => {
    const broken = (name) => wrapped(name, width < 420 ? 74 : 100);
    const widest = Math.max(...chart.axes.flatMap((name) => broken(name).split("\n").map((part) => wide(part, 12))));
    return Object.assign(base(), {
    legend: group_legend(chart),
    radar: { center: ["50%", "57%"], radius: Math.max(44, Math.min(width / 2 - widest - 18, 128)), splitNumber: 4,
      axisNameGap: 10, axisName: { color: ink, fontSize: 12, lineHeight: 15, formatter: broken },
      splitArea: { show: false }, splitLine: { lineStyle: { color: line } }, axisLine: { lineStyle: { color: line } },
      indicator: chart.axes.map((name) => ({ name, min: 0, max: 4 })) },
    series: [{ type: "radar", symbolSize: 5,
      data: chart.groups.map((name, at) => ({ name, value: chart.values[at].map((v) => (v === null ? 2 : ring(v))),
        lineStyle: { color: colour(chart.tones[at]), width: 2 }, itemStyle: { color: colour(chart.tones[at]) },
        areaStyle: { color: colour(chart.tones[at]), opacity: 0.07 } })),
      tooltip: { formatter: (p) => plain(p.name) + "<br>" + chart.axes.map((axis, i) =>
        plain(axis) + " " + plain(chart.labels[p.dataIndex][i])).join("<br>") } },
    { type: "radar", silent: true, symbol: "none", tooltip: { show: false },
      data: [{ value: chart.axes.map(() => 2), lineStyle: { color: soft, width: 1, type: "dashed" } }] }],
    });
  };

  draw.lines = (chart, width) => Object.assign(base(), {
    legend: group_legend(chart),
    grid: { left: 4, right: 14, top: 34 + 25 * legend_rows(chart.groups, width, 16), bottom: 4, containLabel: true },
    xAxis: { type: "category", data: chart.xs, boundaryGap: false, axisTick: { show: false },
      axisLine: { lineStyle: { color: line } }, axisLabel: { color: soft, fontSize: 12, hideOverlap: true } },
    yAxis: { type: chart.log ? "log" : "value", min: chart.log ? undefined : 0, name: chart.y, nameGap: 10,
      nameTextStyle: { color: soft, align: "left" }, splitNumber: 4,
      axisLabel: { color: soft, formatter: chart.share ? (v) => (v * 100).toFixed(0) + "%" : (v) => v.toLocaleString("en") },
      splitLine: { lineStyle: { color: line } } },
    series: chart.groups.map((name, at) => ({ type: "line", name, symbol: "none", connectNulls: false, smooth: false,
      lineStyle: { color: colour(chart.tones[at]), width: 2.2 }, itemStyle: { color: colour(chart.tones[at]) },
      data: chart.values[at] })),
    tooltip: { confine: true, trigger: "axis", textStyle: { fontFamily: font, fontSize: 13, color: ink },
      formatter: (ps) => plain(ps[0].axisValue) + "<br>" + ps.map((p) =>
        plain(p.seriesName) + " " + plain(chart.labels[p.seriesIndex][p.dataIndex])).join("<br>") },
  });

  draw.map = (chart, width) => {
    const polygon = (regions, style) => ({ type: "custom", silent: true, z: 0, clip: true, data: regions.map((r, at) => [at]),
      renderItem: (params, api) => {
        const points = regions[params.dataIndex].map((p) => api.coord(p));
        return points.length < 3 ? null : { type: "polygon", shape: { points }, style: style(params.dataIndex) };
      } });
    const axis = (low, high) => ({ type: "value", min: low, max: high, axisLabel: { show: false }, axisTick: { show: false },
      axisLine: { show: false, onZero: false }, splitLine: { show: false },
      nameTruncate: { maxWidth: width - 24 } });
    const series = [
      polygon(chart.regions, (at) => ({ fill: colour(chart.tones[at]), opacity: 0.16, stroke: "#fff", lineWidth: 2.5 })),
    ].concat(chart.start_regions.length === 0 ? [] : [
      polygon(chart.start_regions, () => ({ fill: "none", stroke: soft, lineWidth: 1.2, lineDash: [5, 4], opacity: 0.75 })),
    ]).concat(chart.groups.map((name, at) => ({ type: "scatter", name, symbolSize: 4, silent: true, z: 2,
      itemStyle: { color: colour(chart.tones[at]), opacity: 0.55 },
      data: chart.points.filter((p) => p[2] === at).map((p) => [p[0], p[1]]) })))
      .concat(chart.starts.map((p, at) => ({ type: "line", silent: true, symbol: "none", z: 3,
        lineStyle: { color: ink, width: 1.2, type: "dotted" }, data: [p, chart.centres[at]] })))
      .concat([
        { type: "scatter", name: chart.words.start, symbol: "diamond", symbolSize: 12, z: 4,
          itemStyle: { color: "#fff", borderColor: ink, borderWidth: 1.8 }, data: chart.starts,
          tooltip: { formatter: (p) => plain(chart.words.start) + "<br>" + plain(chart.groups[p.dataIndex]) } },
        { type: "scatter", name: chart.words.centre, symbolSize: 17, z: 5,
          itemStyle: { borderColor: "#fff", borderWidth: 2 },
          data: chart.centres.map((value, at) => ({ value, itemStyle: { color: colour(chart.tones[at]), borderColor: "#fff", borderWidth: 2.5 } })),
          tooltip: { formatter: (p) => plain(chart.words.centre) + "<br>" + plain(chart.groups[p.dataIndex]) } },
      ]);
    return Object.assign(base(), {
      legend: group_legend(chart),
      color: chart.groups.map((g, at) => colour(chart.tones[at])),
      grid: { left: 6, right: 6, top: 36 + 25 * legend_rows(chart.groups, width, 16), bottom: 26 },
      xAxis: Object.assign(axis(chart.box[0], chart.box[1]), { name: chart.words.x, nameLocation: "middle", nameGap: 8,
        nameTextStyle: { color: soft } }),
      yAxis: Object.assign(axis(chart.box[2], chart.box[3]), { name: chart.words.y, nameLocation: "end", nameGap: 8,
        nameTextStyle: { color: soft, align: "left" } }),
      series,
    });
  };

  draw.stacks = (chart, width) => {
    const names = Math.min(150, Math.max(...chart.groups.map((name) => wide(name, 13)))) + 18;
    return Object.assign(base(), {
      legend: { top: 0, left: 0, right: 0, itemWidth: 12, itemHeight: 12, itemGap: 14, selectedMode: false, icon: "roundRect",
        data: chart.parts, textStyle: { color: soft, fontSize: 13 } },
      grid: { left: names, right: 16, top: 12 + 25 * legend_rows(chart.parts, width, 14), bottom: 44 },
      xAxis: { type: "value", min: 0, name: chart.x, nameLocation: "middle", nameGap: 26, nameTextStyle: { color: soft },
        axisLabel: { color: soft }, splitLine: { lineStyle: { color: line } } },
      yAxis: { type: "category", inverse: true, data: chart.groups, axisTick: { show: false },
        axisLine: { lineStyle: { color: line } },
        axisLabel: { color: ink, fontSize: 13, width: names - 10, overflow: "truncate" } },
      series: chart.parts.map((name, at) => ({ type: "bar", name, stack: "all", barMaxWidth: 20,
        itemStyle: { color: colour("part-" + (at % 12)), borderColor: "#fff", borderWidth: 1 },
        tooltip: { formatter: (p) => plain(p.name) + "<br>" + plain(name) + " " + plain(chart.labels[at][p.dataIndex]) },
        data: chart.values[at] })),
    });
  };

  draw.histogram = (chart, width) => {
    const steps = chart.values[0].length;
    const low = chart.log ? 0.7 : 0;
    // Groups that share a step stand side by side in it.
    const items = [];
    for (let step = 0; step < steps; step += 1) {
      const here = chart.groups.map((g, at) => at).filter((at) => chart.values[at][step] > 0);
      here.forEach((at, slot) => items.push([step, slot, here.length, at, chart.values[at][step]]));
    }
    return Object.assign(base(), {
      legend: group_legend(chart),
      color: chart.tones.map(colour),
      grid: { left: 4, right: 24, top: 54 + 25 * legend_rows(chart.groups, width, 16), bottom: 30, containLabel: true },
      xAxis: { type: "value", min: 0, max: steps * chart.step, interval: 2 * chart.step, name: chart.x, nameLocation: "middle",
        nameGap: 28, nameTextStyle: { color: soft }, axisLabel: { color: soft }, axisLine: { lineStyle: { color: line } },
        splitLine: { show: false } },
      yAxis: { type: chart.log ? "log" : "value", min: low, name: chart.y, nameGap: 26, nameTextStyle: { color: soft, align: "left" },
        axisLabel: { color: soft, formatter: (v) => (!chart.log || Number.isInteger(Math.log10(v)) ? v.toLocaleString("en") : "") },
        axisTick: { show: false }, splitLine: { lineStyle: { color: line } } },
      series: chart.groups.map((name) => ({ type: "bar", name, data: [] })).concat([{
        type: "custom", data: items, encode: { x: 0, y: 4 },
        renderItem: (params, api) => {
          const [step, slot, slots, group, count] = items[params.dataIndex];
          const from = api.coord([step * chart.step, count]);
          const to = api.coord([(step + 1) * chart.step, low]);
          const width = (to[0] - from[0] - 2) / slots;
          return { type: "rect", style: { fill: colour(chart.tones[group]) },
            shape: { x: from[0] + 1 + slot * width, y: from[1], width: Math.max(1, width - (slots > 1 ? 1 : 0)), height: to[1] - from[1] } };
        },
        tooltip: { formatter: (p) => { const [step, , , group, count] = items[p.dataIndex];
          return plain(chart.groups[group]) + "<br>" + step * chart.step + "–" + (step + 1) * chart.step + ": " + count.toLocaleString("en"); } },
        markLine: { silent: true, symbol: "none", lineStyle: { color: ink, width: 1, type: "dashed" },
          label: { color: ink, fontSize: 12, distance: 4, formatter: (p) => String(p.value) },
          data: chart.marks.filter((at) => at > 0).map((at) => ({ xAxis: at })) },
      }]),
    });
  };

  const busiest_hour = Math.max(0.1, ...data.charts.filter((c) => c.kind === "day").flatMap((c) => c.values));
  draw.day = (chart) => Object.assign(base(), {
    grid: { left: 2, right: 2, top: 6, bottom: 24 },
    xAxis: { type: "category", data: chart.xs, boundaryGap: false, axisTick: { show: false },
      axisLine: { lineStyle: { color: line } },
      axisLabel: { color: soft, fontSize: 11, alignMinLabel: "left", interval: (at) => at % 6 === 0, formatter: (v) => Number(v.slice(0, 2)) } },
    yAxis: { type: "value", min: 0, max: busiest_hour, show: false },
    series: [{ type: "line", symbol: "none", lineStyle: { color: colour("revenue"), width: 1.8 }, data: chart.values,
      areaStyle: { color: colour("revenue"), opacity: 0.12 } }],
    tooltip: { confine: true, trigger: "axis", textStyle: { fontFamily: font, fontSize: 12, color: ink },
      formatter: (ps) => plain(ps[0].axisValue) + " " + plain(chart.labels[ps[0].dataIndex]) },
  });

  draw.flow = (chart) => Object.assign(base(), {
    series: [{ type: "sankey", left: 160, right: 160, top: 12, bottom: 12, nodeWidth: 14, nodeGap: 20, draggable: false,
      layoutIterations: 0, emphasis: { disabled: true },
      data: chart.nodes.map((node) => ({ name: node.name, depth: node.side, itemStyle: { color: colour(node.tone), borderWidth: 0 },
        label: { position: node.side === 0 ? "left" : "right", width: 150, overflow: "truncate", formatter: () => node.label,
          color: ink, fontSize: 12 } })),
      links: chart.links.map((link) => ({ source: link.source, target: link.target, value: link.value, label: link.label })),
      lineStyle: { color: "source", opacity: 0.32, curveness: 0.5 },
      tooltip: { formatter: (p) => (p.dataType === "edge" ? plain(p.data.label) : plain(chart.nodes[p.dataIndex].label)) } }],
  });

  const drawn = [];
  for (const entry of data.charts) {
    const place = document.getElementById(entry.id);
    if (!place || !draw[entry.kind]) continue;
    const chart = echarts.init(place, null, { renderer: "svg" });
    chart.setOption(draw[entry.kind](entry, place.clientWidth));
    drawn.push({ chart, entry, place });
  }
  document.documentElement.dataset.drawn = String(drawn.length);

  const fit = () => drawn.forEach(({ chart, entry, place }) => {
    if (place.clientWidth === 0 || place.clientWidth === chart.getWidth()) return;
    chart.resize();
    chart.setOption(draw[entry.kind](entry, place.clientWidth));
    chart.getZr().flush();  // paper does not wait for the next frame
  });
  let waiting = 0;
  new ResizeObserver(() => {
    cancelAnimationFrame(waiting);
    waiting = requestAnimationFrame(fit);
  }).observe(document.body);

  // For paper the page takes the paper's width, charts follow, and what is folded but wanted opens; then all goes back.
  let opened = [];
  window.addEventListener("beforeprint", () => {
    opened = Array.from(document.querySelectorAll("details.print-open:not([open])"));
    opened.forEach((part) => { part.open = true; });
    document.body.classList.add("on-paper");
    fit();
  });
  window.addEventListener("afterprint", () => {
    opened.forEach((part) => { part.open = false; });
    document.body.classList.remove("on-paper");
    fit();
  });

  // The navigation shows where the reader is.
  const links = new Map(Array.from(document.querySelectorAll("nav a"), (link) => [link.hash.slice(1), link]));
  const seen = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (!entry.isIntersecting) continue;
      links.forEach((link) => link.removeAttribute("aria-current"));
      const link = links.get(entry.target.id);
      if (link) link.setAttribute("aria-current", "true");
    }
  }, { rootMargin: "-20% 0px -70% 0px" });
  document.querySelectorAll("main > section[id]").forEach((section) => seen.observe(section));
})();
