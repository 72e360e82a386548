// parts/portrait_charts.tsx - radar, curves by month and hour, and the plane of a portrait.
import { Card } from 'antd';
import { useCallback, useMemo } from 'react';
import { useNavigate } from 'react-router-dom';
import type { Portrait } from '../api/types';
import { month, number, percent, short } from '../format';
import { useWords } from '../i18n';
import { say } from '../say';
import type { ChartColours } from '../theme';
import { ChartCard, monthLabels } from './chart';
import { Nothing } from './states';

/** The attributes that set the groups apart most: greatest spread of the index on a logarithmic scale, at most `most`. */
function telling(of: Portrait, most: number) {
  const spread = (cells: { index: number | null }[]) => {
    const logs = cells.map((cell) => Math.log2(Math.min(8, Math.max(cell.index ?? 1, 0.125))));
    return Math.max(...logs) - Math.min(...logs);
  };
  return of.numbers
    .filter((row) => row.by_group.every((cell) => cell.index !== null && cell.index >= 0) && row.by_group.some((cell) => cell.significant))
    .sort((a, b) => spread(b.by_group) - spread(a.by_group))
    .slice(0, most);
}

/** A long name on two lines. */
function broken(name: string): string {
  if (name.length <= 5) return name;
  const space = name.indexOf(' ', name.length / 2 - 3);
  const at = space > 0 ? space : name.charCodeAt(0) > 255 ? Math.ceil(name.length / 2) : name.length;
  return `${name.slice(0, at)}\n${name.slice(at).trim()}`.trim();
}

export function Radar({ of }: { of: Portrait }) {
  const { t, i18n } = useWords('groups');
  const axes = useMemo(() => telling(of, 8), [of]);
  const option = useCallback(
    (colours: ChartColours) => ({
      legend: { bottom: 0, type: 'scroll' },
      tooltip: { valueFormatter: (value: number) => number(value, 2) },
      radar: {
        radius: '54%', center: ['50%', '46%'],
        indicator: axes.map((row) => ({ name: say(row.title), max: Math.min(4, Math.max(1.5, ...row.by_group.map((cell) => cell.index ?? 0))) })),
        axisName: { color: colours.text, fontSize: 12, formatter: (name: string) => broken(name) },
        splitLine: { lineStyle: { color: colours.line } }, splitArea: { show: false }, axisLine: { lineStyle: { color: colours.line } },
      },
      series: [{
        type: 'radar', symbolSize: 4,
        data: of.groups.map((group, at) => ({
          name: say(group.title),
          value: axes.map((row) => Math.min(4, row.by_group.find((cell) => cell.group === group.group)?.index ?? 0)),
          areaStyle: { opacity: 0.06 }, lineStyle: { width: 2 }, itemStyle: { color: colours.series[at % colours.series.length] },
        })),
      }],
    }),
    // eslint-disable-next-line react-hooks/exhaustive-deps -- the language changes the words
    [of, axes, i18n.language],
  );
  if (axes.length < 3) return <Card size="small" title={t('radar')}><Nothing text={t('fewIndices')} /></Card>;
  return (
    <ChartCard
      title={t('radar')} label={t('radarLabel')} height={420} option={option} note={t('radarHow')}
      table={{ head: [t('attribute'), ...of.groups.map((group) => say(group.title))], rows: axes.map((row) => [say(row.title), ...of.groups.map((group) => number(row.by_group.find((cell) => cell.group === group.group)?.index))]) }}
    />
  );
}

export function MonthCurves({ of }: { of: Portrait }) {
  const { t, i18n } = useWords('groups');
  const name = useCallback((code: string) => say(of.groups.find((group) => group.group === code)?.title), [of]);
  const option = useCallback(
    () => ({
      grid: { left: 60, right: 14, top: 52, bottom: 40 },
      legend: { top: 0, left: 0, type: 'scroll' },
      tooltip: { trigger: 'axis', valueFormatter: (value: number) => `${short(value)} kWh` },
      xAxis: { type: 'category', data: of.month_names, axisLabel: monthLabels },
      yAxis: { type: 'log', min: 'dataMin', axisLabel: { formatter: (value: number) => short(value) } },
      series: of.months.map((curve) => ({ type: 'line', name: name(curve.group), data: curve.energy_kwh.map((value) => (value && value > 0 ? value : null)), symbolSize: 5, lineStyle: { width: 2.5 } })),
    }),
    // eslint-disable-next-line react-hooks/exhaustive-deps -- the language changes the words
    [of, name, i18n.language],
  );
  if (of.months.length === 0) return <Card size="small" title={t('monthCurves')}><Nothing text={t('noCurves')} /></Card>;
  return (
    <ChartCard title={t('monthCurves')} label={t('monthCurves')} height={360} option={option} note={t('logScale')}
      table={{ head: [t('month'), ...of.months.map((curve) => name(curve.group))], rows: of.month_names.map((one, at) => [month(one), ...of.months.map((curve) => short(curve.energy_kwh[at]))]) }} />
  );
}

export function HourCurves({ of }: { of: Portrait }) {
  const { t, i18n } = useWords('groups');
  const name = useCallback((code: string) => say(of.groups.find((group) => group.group === code)?.title), [of]);
  const curves = useMemo(() => of.hours.filter((curve) => curve.shares.length === 24), [of]);
  const option = useCallback(
    () => ({
      grid: { left: 50, right: 14, top: 52, bottom: 30 },
      legend: { top: 0, left: 0, type: 'scroll' },
      tooltip: { trigger: 'axis', valueFormatter: (value: number) => percent(value, 2) },
      xAxis: { type: 'category', data: Array.from({ length: 24 }, (_, hour) => `${hour}:00`), axisLabel: { interval: 2 } },
      yAxis: { type: 'value', axisLabel: { formatter: (value: number) => percent(value, 0) } },
      series: curves.map((curve) => ({ type: 'line', smooth: true, showSymbol: false, name: name(curve.group), data: curve.shares, lineStyle: { width: 2.5 } })),
    }),
    // eslint-disable-next-line react-hooks/exhaustive-deps -- the language changes the words
    [curves, name, i18n.language],
  );
  if (curves.length === 0) return <Card size="small" title={t('hourCurves')}><Nothing text={t('noCurves')} /></Card>;
  return (
    <ChartCard title={t('hourCurves')} label={t('hourCurves')} height={360} option={option} note={t('hourHow')}
      table={{ head: [t('hour'), ...curves.map((curve) => name(curve.group))], rows: Array.from({ length: 24 }, (_, hour) => [`${hour}:00`, ...curves.map((curve) => percent(curve.shares[hour], 2))]) }} />
  );
}

interface Drawn {
  coord: (point: [number, number]) => [number, number];
}

export function GroupPlane({ of }: { of: Portrait }) {
  const { t, i18n } = useWords('groups');
  const go = useNavigate();
  const plane = of.map;
  const option = useCallback(
    (colours: ChartColours) => {
      const colour = (code: string) => colours.series[Math.max(0, of.groups.findIndex((group) => group.group === code)) % colours.series.length];
      const name = (code: string) => say(of.groups.find((group) => group.group === code)?.title);
      const [left, right, low, high] = plane?.extent ?? [0, 1, 0, 1];
      const regions = (plane?.regions ?? []).filter((region) => region.corners.length >= 3);
      return {
        grid: { left: 14, right: 14, top: 40, bottom: 14 },
        legend: { top: 0, left: 0, type: 'scroll', data: of.groups.map((group) => say(group.title)) },
        tooltip: { formatter: (at: { seriesName: string }) => at.seriesName },
        xAxis: { type: 'value', min: left, max: right, show: false },
        yAxis: { type: 'value', min: low, max: high, show: false },
        series: [
          ...regions.map((region) => ({
            type: 'custom', name: name(region.group), color: colour(region.group), silent: true, z: 1, data: [0],
            renderItem: (_: unknown, api: Drawn) => ({
              type: 'polygon',
              shape: { points: region.corners.map((corner) => api.coord(corner)) },
              style: { fill: colour(region.group), opacity: 0.1, stroke: colours.panel, lineWidth: 2 },
            }),
          })),
          ...of.groups.map((group) => ({
            type: 'scatter', name: say(group.title), color: colour(group.group), symbolSize: 5, z: 2, itemStyle: { opacity: 0.6 },
            data: (plane?.points ?? []).filter((point) => point.group === group.group).map((point) => [point.x, point.y]),
          })),
          {
            type: 'scatter', silent: true, z: 5, symbol: 'diamond', symbolSize: 16, color: colours.text, itemStyle: { borderColor: colours.panel, borderWidth: 2 },
            label: { show: true, position: 'top', formatter: (at: { name: string }) => at.name, color: colours.text, fontWeight: 600, textBorderColor: colours.panel, textBorderWidth: 3 },
            data: (plane?.centres ?? []).map((centre) => ({ name: name(centre.group), value: [centre.x, centre.y], itemStyle: { color: colour(centre.group) } })),
          },
        ],
      };
    },
    // eslint-disable-next-line react-hooks/exhaustive-deps -- the language changes the words
    [of, plane, i18n.language],
  );
  const pick = useCallback(
    ({ seriesName }: { seriesName: string }) => {
      const group = of.groups.find((one) => say(one.title) === seriesName);
      if (group) go(`/customers?scheme=${of.scheme}&group=${encodeURIComponent(group.group)}`);
    },
    [of, go],
  );
  if (!plane || plane.points.length === 0) return <Card><Nothing text={t('noMap')} /></Card>;
  return (
    <ChartCard
      title={t('plane')} label={t('plane')} height={520} option={option} onPick={pick}
      note={plane.centre_share === undefined ? t('planeHow') : `${t('planeHow')} ${t('planeShare', { share: percent(plane.centre_share) })}`}
    />
  );
}
