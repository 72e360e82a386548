// parts/sankey.tsx - who went from which group to which, as a Sankey diagram with its numbers as a table.
import { useCallback } from 'react';
import type { Move } from '../api/types';
import { count, short } from '../format';
import { useWords } from '../i18n';
import { say } from '../say';
import type { ChartColours } from '../theme';
import { ChartCard } from './chart';

export function Sankey({ moves, title, height = 380 }: { moves: Move[]; title: string; height?: number }) {
  const { t, i18n } = useWords('schemes');
  const option = useCallback(
    (colours: ChartColours) => {
      const code = (side: string, group: string | null) => `${side}${group ?? ''}`;
      const groups = [...new Set(moves.flatMap((move) => [move.from, move.to]))];
      const node = (side: '<' | '>', group: string | null, name: string, customers: number) => ({
        name: code(side, group), value: customers, depth: side === '<' ? 0 : 1,
        itemStyle: { color: group === null ? colours.faint : colours.series[groups.indexOf(group) % colours.series.length] },
        label: { formatter: `${name}  ${short(customers)}`, position: side === '<' ? 'right' : 'left' },
      });
      const sum = (of: (move: Move) => boolean) => moves.filter(of).reduce((all, move) => all + (move.customers ?? 0), 0);
      const sides = (side: '<' | '>') =>
        [...new Map(moves.map((move) => (side === '<' ? ([move.from, move.from_title] as const) : ([move.to, move.to_title] as const))))].map(([group, name]) =>
          node(side, group, group === null ? t('nowhere') : say(name), sum((move) => (side === '<' ? move.from : move.to) === group)));
      return {
        tooltip: { formatter: (at: { dataType: string; name: string; data: { told?: string; value: number } }) => (at.dataType === 'edge' ? `${at.data.told ?? ''}: ${count(at.data.value)}` : count(at.data.value)) },
        series: [{
          type: 'sankey', left: 4, right: 4, top: 10, bottom: 10, nodeWidth: 14, nodeGap: 14, draggable: false, layoutIterations: 0,
          label: { color: colours.text, textBorderColor: colours.panel, textBorderWidth: 3 }, lineStyle: { color: 'source', opacity: 0.32, curveness: 0.5 }, emphasis: { focus: 'adjacency' },
          data: [...sides('<'), ...sides('>')],
          links: moves.filter((move) => (move.customers ?? 0) > 0).map((move) => ({
            source: code('<', move.from), target: code('>', move.to), value: move.customers,
            told: `${move.from === null ? t('nowhere') : say(move.from_title)} → ${move.to === null ? t('nowhere') : say(move.to_title)}`,
          })),
        }],
      };
    },
    // eslint-disable-next-line react-hooks/exhaustive-deps -- the language changes the words
    [moves, i18n.language],
  );
  return (
    <ChartCard
      title={title} label={title} height={height} option={option}
      table={{ head: [t('from'), t('to'), t('groups:customers')], rows: [...moves].sort((a, b) => (b.customers ?? 0) - (a.customers ?? 0)).map((move) => [move.from === null ? t('nowhere') : say(move.from_title), move.to === null ? t('nowhere') : say(move.to_title), count(move.customers)]) }}
    />
  );
}
