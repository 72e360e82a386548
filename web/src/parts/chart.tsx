// parts/chart.tsx - a chart that follows size, theme and language; its numbers can be read as a table too.
import { TableOutlined, BarChartOutlined } from '@ant-design/icons';
import { Button, Card, Table, Tooltip } from 'antd';
import { BarChart, CustomChart, LineChart, RadarChart, SankeyChart, ScatterChart } from 'echarts/charts';
import { AriaComponent, GridComponent, LegendComponent, MarkLineComponent, RadarComponent, TooltipComponent } from 'echarts/components';
import * as echarts from 'echarts/core';
import type { EChartsCoreOption } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import { useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import { useWords } from '../i18n';
import { monthTick } from '../format';
import { chartColours, useMode, type ChartColours } from '../theme';

echarts.use([
  BarChart, CustomChart, LineChart, RadarChart, SankeyChart, ScatterChart,
  AriaComponent, GridComponent, LegendComponent, MarkLineComponent, RadarComponent, TooltipComponent, CanvasRenderer,
]);

export type ChartOption = EChartsCoreOption;

/** Of axes with months: as many as there is room for, the beginnings of years always among them. */
export const monthLabels = {
  formatter: monthTick,
  interval: (at: number, month: string) => at === 0 || /-(01|04|07|10)$/.test(month),
  fontSize: 11,
  hideOverlap: true,
};

/** What all charts have alike: fonts, colours, axes, a tooltip drawn on the canvas (the page's policy forbids the styles of others). */
function framed(option: ChartOption, colours: ChartColours, label: string): ChartOption {
  const axis = (given: unknown): unknown => {
    if (Array.isArray(given)) return given.map(axis);
    if (!given || typeof given !== 'object') return given;
    const own = given as Record<string, Record<string, unknown> | undefined>;
    return {
      ...own,
      axisLine: { lineStyle: { color: colours.line }, ...own.axisLine },
      axisTick: { show: false, ...own.axisTick },
      axisLabel: { color: colours.faint, ...own.axisLabel },
      nameTextStyle: { color: colours.faint, ...own.nameTextStyle },
      splitLine: { lineStyle: { color: colours.line }, ...own.splitLine },
    };
  };
  return {
    color: colours.series,
    textStyle: { fontFamily: 'Noto Sans CJK SC, Microsoft YaHei, sans-serif', color: colours.text },
    animationDuration: 250,
    aria: { enabled: true, label: { enabled: true, description: label } },
    ...option,
    ...(option.xAxis ? { xAxis: axis(option.xAxis) } : {}),
    ...(option.yAxis ? { yAxis: axis(option.yAxis) } : {}),
    legend: option.legend ? { textStyle: { color: colours.text }, icon: 'roundRect', itemWidth: 12, itemHeight: 8, ...(option.legend as object) } : undefined,
    tooltip: {
      renderMode: 'richText', confine: true, backgroundColor: colours.panel, borderColor: colours.line,
      textStyle: { color: colours.text, fontSize: 13 }, ...(option.tooltip as object | undefined),
    },
  };
}

export interface ChartTable {
  head: string[];
  rows: (string | number | null)[][];
}

interface Props {
  label: string; // what it shows, in one sentence: for those who do not see it
  height?: number;
  option: (colours: ChartColours) => ChartOption;
  onPick?: (pick: { name: string; seriesName: string; data: unknown }) => void;
}

export function Chart({ label, height = 300, option, onPick }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<echarts.ECharts | null>(null);
  const { mode } = useMode();
  const colours = useMemo(() => chartColours(mode), [mode]);
  useEffect(() => {
    if (!box.current) return undefined;
    const made = echarts.init(box.current);
    chart.current = made;
    const watch = new ResizeObserver(() => made.resize());
    watch.observe(box.current);
    return () => {
      watch.disconnect();
      made.dispose();
      chart.current = null;
    };
  }, []);
  useEffect(() => {
    chart.current?.setOption(framed(option(colours), colours, label), true);
  }, [option, colours, label]);
  useEffect(() => {
    const made = chart.current;
    if (!made || !onPick) return undefined;
    const pick = (event: unknown) => onPick(event as { name: string; seriesName: string; data: unknown });
    made.on('click', pick);
    return () => void made.off('click', pick);
  }, [onPick]);
  return <div ref={box} className="chart" style={{ height }} role="img" aria-label={label} />;
}

/** A chart in a card, with its numbers one click away. */
export function ChartCard({ title, extra, table, note, ...rest }: Props & { title: string; extra?: ReactNode; table?: ChartTable; note?: ReactNode }) {
  const { t } = useWords('shell');
  const [asTable, setAsTable] = useState(false);
  return (
    <Card
      size="small"
      title={title}
      extra={
        <>
          {extra}
          {table && (
            <Tooltip title={asTable ? t('asChart') : t('asTable')}>
              <Button type="text" size="small" aria-label={`${title}: ${asTable ? t('asChart') : t('asTable')}`} icon={asTable ? <BarChartOutlined /> : <TableOutlined />} onClick={() => setAsTable(!asTable)} />
            </Tooltip>
          )}
        </>
      }
    >
      {asTable && table ? (
        <Table
          size="small"
          pagination={false}
          scroll={{ x: 'max-content', y: (rest.height ?? 300) - 40 }}
          columns={table.head.map((name, at) => ({ title: name, dataIndex: at, key: at, align: at === 0 ? ('left' as const) : ('right' as const) }))}
          dataSource={table.rows.map((row, at) => ({ ...row, key: at }))}
        />
      ) : (
        <Chart {...rest} />
      )}
      {note && <div className="faint">{note}</div>}
    </Card>
  );
}
