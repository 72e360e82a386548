// say.ts - names that come in both languages, in the one that is shown.
import i18next from 'i18next';
import type { Codes } from './api/types';
import { nothing } from './format';

export function say(text: { zh: string | null; en: string | null } | string | null | undefined): string {
  if (!text) return nothing;
  if (typeof text === 'string') return text;
  return (i18next.language === 'en' ? text.en : text.zh) || text.zh || text.en || nothing;
}

/** A code as people call it; one without a name as it is. */
export function codeName(codes: Codes | undefined, field: string, code: string | null | undefined): string {
  if (code === null || code === undefined || code === '') return nothing;
  const named = codes?.[field]?.[code];
  return named ? say(named) : code;
}
