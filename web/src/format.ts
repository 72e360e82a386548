// format.ts - numbers, money, shares, months and times as people write them in either language.
import i18next from 'i18next';

export type Maybe = number | null | undefined;
export const nothing = '—';
const chinese = () => !i18next.language.startsWith('en');
const locale = () => (chinese() ? 'zh-CN' : 'en-GB');

function plain(value: number, digits: number): string {
  return value.toLocaleString(locale(), { maximumFractionDigits: digits, minimumFractionDigits: 0 });
}

/** 12,345 */
export function count(value: Maybe): string {
  return value === null || value === undefined ? nothing : plain(value, 0);
}

export function number(value: Maybe, digits = 2): string {
  return value === null || value === undefined ? nothing : plain(value, digits);
}

const steps = {
  zh: [[1e8, '亿'], [1e4, '万']] as const,
  en: [[1e9, ' bn'], [1e6, ' m'], [1e4, ' k', 1e3]] as const,
};

/** 1.23亿, 45.6万, 9,876; 1.23 bn, 45.6 m, 12 k. */
export function short(value: Maybe, digits = 2): string {
  if (value === null || value === undefined) return nothing;
  for (const step of chinese() ? steps.zh : steps.en) {
    const [from, word, by] = step as readonly [number, string, number?];
    if (Math.abs(value) >= from) {
      const scaled = value / (by ?? from);
      return plain(scaled, Math.abs(scaled) >= 100 ? Math.min(digits, 1) : digits) + word;
    }
  }
  return plain(value, Math.abs(value) >= 100 ? 0 : digits);
}

export function money(value: Maybe): string {
  if (value === null || value === undefined) return nothing;
  return chinese() ? `${short(value)}元` : `¥${short(value)}`;
}

/** To the fen. */
export function exactMoney(value: Maybe): string {
  if (value === null || value === undefined) return nothing;
  const text = value.toLocaleString(locale(), { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  return chinese() ? `${text}元` : `¥${text}`;
}

export function energy(value: Maybe): string {
  return value === null || value === undefined ? nothing : `${short(value)} kWh`.replace(/([万亿]) kWh/, '$1kWh');
}

export function percent(value: Maybe, digits = 1): string {
  if (value === null || value === undefined) return nothing;
  return `${(value * 100).toLocaleString(locale(), { minimumFractionDigits: digits, maximumFractionDigits: digits })}%`;
}

/** +1.2% and such; `share` is the change. */
export function change(share: Maybe, digits = 1): string {
  if (share === null || share === undefined) return nothing;
  return (share > 0 ? '+' : share < 0 ? '−' : '') + percent(Math.abs(share), digits);
}

const english = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** "2026-07" as 2026年7月 or Jul 2026. */
export function month(value: string | null | undefined): string {
  const parts = /^(\d{4})-(\d{2})/.exec(value ?? '');
  if (!parts) return value || nothing;
  return chinese() ? `${parts[1]}年${Number(parts[2])}月` : `${english[Number(parts[2]) - 1]} ${parts[1]}`;
}

/** For axes: 7月, with the year in January and at the start. */
export function monthTick(value: string, index: number): string {
  const [year, number] = value.split('-');
  const alone = chinese() ? `${Number(number)}月` : (english[Number(number) - 1] ?? value);
  return index === 0 || number === '01' ? `${alone}\n${chinese() ? `${year}年` : year}` : alone;
}

/** "2026-07-01 09:30:00" as 2026年7月1日 09:30 or 1 Jul 2026 09:30. */
export function time(value: string | null | undefined): string {
  const parts = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}:\d{2}))?/.exec(value ?? '');
  if (!parts) return value || nothing;
  const [, year, number, day, clock] = parts;
  const date = chinese() ? `${year}年${Number(number)}月${Number(day)}日` : `${Number(day)} ${english[Number(number) - 1]} ${year}`;
  return clock && clock !== '00:00' ? `${date} ${clock}` : date;
}

export function bytes(value: Maybe): string {
  if (value === null || value === undefined) return nothing;
  const names = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let at = 0;
  let left = value;
  while (left >= 1024 && at < names.length - 1) {
    left /= 1024;
    at += 1;
  }
  return `${plain(left, left < 10 && at > 0 ? 1 : 0)} ${names[at]}`;
}

export function duration(seconds: Maybe): string {
  if (seconds === null || seconds === undefined) return nothing;
  const parts: string[] = [];
  const units = chinese() ? ['天', '小时', '分', '秒'] : [' d', ' h', ' min', ' s'];
  let left = Math.floor(seconds);
  for (const [at, size] of [86400, 3600, 60, 1].entries()) {
    const much = Math.floor(left / size);
    left -= much * size;
    if (much > 0 && parts.length < 2) parts.push(`${much}${units[at]}`);
  }
  if (parts.length > 0) return parts.join(chinese() ? '' : ' ');
  return `${plain(seconds, 1)}${units[3]}`;
}
