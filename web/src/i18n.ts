// i18n.ts - the catalogues of locales/, Chinese unless the person chose English.
import i18next from 'i18next';
import { initReactI18next, useTranslation } from 'react-i18next';
import { en } from './locales/en';
import { zh } from './locales/zh';

export type Language = 'zh' | 'en';
const kept = 'fenqun.language';

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'shell';
    resources: typeof zh;
    returnNull: false;
  }
}

type Area = keyof typeof zh;
type Areas<First extends Area> = [First, 'admin', 'customers', 'data', 'groups', 'overview', 'schemes', 'service', 'shell'];

/** The words of an area, and those of the others behind their name: t('title'), t('shell:save'). */
export function useWords<First extends Area>(first: First) {
  return useTranslation<Areas<First>>([first, 'admin', 'customers', 'data', 'groups', 'overview', 'schemes', 'service', 'shell']);
}

function tell(language: string): void {
  document.documentElement.lang = language === 'en' ? 'en' : 'zh-CN';
  document.title = i18next.t('shell:title');
}

export function chooseLanguage(language: Language): void {
  localStorage.setItem(kept, language);
  void i18next.changeLanguage(language).then(() => tell(language));
}

/** The person's choice on this machine, if there was one. */
export function keptLanguage(): Language | null {
  const text = localStorage.getItem(kept);
  return text === 'en' || text === 'zh' ? text : null;
}

void i18next
  .use(initReactI18next)
  .init({
    lng: keptLanguage() ?? 'zh',
    fallbackLng: 'zh',
    defaultNS: 'shell',
    resources: { zh, en },
    interpolation: { escapeValue: false },
  })
  .then(() => tell(i18next.language));
