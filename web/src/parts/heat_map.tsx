// parts/heat_map.tsx - attributes by groups as a table whose cells are coloured by index: 1 is like everybody.
import { Fragment, useMemo } from 'react';
import { Link } from 'react-router-dom';
import type { Portrait, PortraitCell, Text } from '../api/types';
import { nothing, number, percent, short } from '../format';
import { useWords } from '../i18n';
import { say } from '../say';
import { useMode } from '../theme';

interface Row {
  key: string;
  title: Text;
  isShare: boolean;
  unit: string;
  all: number | null;
  cells: Map<string, PortraitCell>;
}

function rowsOf(portrait: Portrait, blocks: string[], numbers: string): { key: string; title: string; rows: Row[] }[] {
  const cells = (given: PortraitCell[]) => new Map(given.map((cell) => [cell.group, cell]));
  const wanted = (name: string) => blocks.length === 0 || blocks.includes(name);
  const out: { key: string; title: string; rows: Row[] }[] = [];
  if (portrait.numbers.length > 0 && wanted('#numbers')) {
    out.push({
      key: '#numbers',
      title: numbers,
      rows: portrait.numbers.map((row) => ({ key: row.feature, title: row.title, unit: row.unit, isShare: false, all: row.population, cells: cells(row.by_group) })),
    });
  }
  for (const block of portrait.blocks.filter((one) => wanted(one.block))) {
    out.push({
      key: block.block,
      title: say(block.title),
      rows: block.rows.map((row) => ({ key: `${row.feature ?? block.block}:${row.code}`, title: row.title, unit: '', isShare: true, all: row.share, cells: cells(row.by_group) })),
    });
  }
  return out;
}

/** Blue below 1, orange above, on a logarithmic scale that ends at a quarter and at four times. Text stays readable on all of them. */
function colour(index: number | null, dark: boolean): { background: string; color?: string } {
  if (index === null) return { background: 'transparent' };
  const strength = Math.min(1, Math.abs(Math.log2(Math.max(index, 0.01))) / 2);
  const [high, low] = dark ? ['207,98,40', '45,120,205'] : ['238,140,70', '92,158,222'];
  return { background: `rgba(${index >= 1 ? high : low},${(strength * (dark ? 0.72 : 0.85)).toFixed(2)})` };
}

export function HeatMap({ of, blocks }: { of: Portrait; blocks: string[] }) {
  const { t, i18n } = useWords('groups');
  const dark = useMode().mode === 'dark';
  // eslint-disable-next-line react-hooks/exhaustive-deps -- the language changes the words
  const parts = useMemo(() => rowsOf(of, blocks, t('numbers')), [of, blocks, i18n.language]);
  const value = (row: Row, cell: PortraitCell | undefined) => {
    const at = row.isShare ? cell?.share : cell?.mean;
    return row.isShare || row.unit === 'share' ? percent(at) : `${short(at)} ${row.unit === '1' ? '' : row.unit}`;
  };
  return (
    <div className="scroll" style={{ maxHeight: 560 }} tabIndex={0} role="region" aria-label={t('heat')}>
      <table className="heat">
        <thead>
          <tr>
            <th scope="col" style={{ textAlign: 'left' }}>{t('attribute')}</th>
            <th scope="col">{t('everybody')}</th>
            {of.groups.map((group) => (
              <th key={group.group} scope="col">
                <Link to={`/customers?scheme=${of.scheme}&group=${encodeURIComponent(group.group)}`}>{say(group.title)}</Link>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {parts.map((part) => (
            <Fragment key={part.key}>
              <tr className="block">
                <th colSpan={of.groups.length + 2} scope="colgroup">{part.title}</th>
              </tr>
              {part.rows.map((row) => (
                <tr key={row.key}>
                  <th scope="row">{say(row.title)}</th>
                  <td className="faint">{row.isShare || row.unit === 'share' ? percent(row.all) : short(row.all)}</td>
                  {of.groups.map((group) => {
                    const cell = row.cells.get(group.group);
                    const index = cell?.index ?? null;
                    return (
                      <td key={group.group} style={cell?.significant ? colour(index, dark) : { background: 'transparent' }} title={`${say(group.title)} · ${say(row.title)}: ${value(row, cell)}`}>
                        {index === null ? nothing : <span className={cell?.significant ? '' : 'faint'}>{number(index, 2)}</span>}
                      </td>
                    );
                  })}
                </tr>
              ))}
            </Fragment>
          ))}
        </tbody>
      </table>
    </div>
  );
}
