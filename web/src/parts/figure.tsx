// parts/figure.tsx - one number with what it was before.
import type { Maybe } from '../format';
import { change, nothing, number } from '../format';
import { useWords } from '../i18n';

interface Props {
  name: string;
  text: string; // the value as people write it
  exact?: string;
  value?: Maybe;
  previous?: Maybe;
  asPoints?: boolean; // shares: the change in percentage points
  good?: 'up' | 'down';
}

export function Figure({ name, text, exact, value, previous, asPoints, good }: Props) {
  const { t } = useWords('shell');
  const parts = /^(.*?\d[\d,.]*)(\D*)$/.exec(text);
  const known = value !== null && value !== undefined && previous !== null && previous !== undefined;
  const by = known ? (asPoints ? value - previous : previous !== 0 ? value / previous - 1 : null) : null;
  const colour = !by || !good ? '' : by > 0 === (good === 'up') ? 'good' : 'bad';
  const told = by === null ? nothing : asPoints ? `${by > 0 ? '+' : by < 0 ? '−' : ''}${number(Math.abs(by) * 100, 1)}${t('points')}` : change(by);
  return (
    <div className="figure">
      <div className="name">{name}</div>
      <div className="value" title={exact}>
        {parts ? parts[1] : text}
        {parts?.[2] && <small>{parts[2].trim()}</small>}
      </div>
      {previous !== undefined && (
        <div className="since">
          {t('sinceLastMonth')} <span className={colour}>{told}</span>
        </div>
      )}
    </div>
  );
}
