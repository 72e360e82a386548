// theme.tsx - light and dark: colours with at least 4.5:1 against what they stand on, for Ant Design and for charts.
import { theme as antTheme, type ThemeConfig } from 'antd';
import { createContext, useContext, useEffect, useMemo, useState, type ReactNode } from 'react';

export type Mode = 'light' | 'dark';
interface Choice {
  mode: Mode;
  setMode: (mode: Mode) => void;
}

const kept = 'fenqun.theme';
const ModeContext = createContext<Choice>({ mode: 'light', setMode: () => undefined });

function first(): Mode {
  const text = localStorage.getItem(kept);
  if (text === 'light' || text === 'dark') return text;
  return window.matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
}

export function ModeProvider({ children }: { children: ReactNode }) {
  const [mode, choose] = useState<Mode>(first);
  useEffect(() => {
    document.documentElement.dataset.theme = mode;
  }, [mode]);
  const choice = useMemo(
    () => ({
      mode,
      setMode: (next: Mode) => {
        localStorage.setItem(kept, next);
        choose(next);
      },
    }),
    [mode],
  );
  return <ModeContext.Provider value={choice}>{children}</ModeContext.Provider>;
}

export function useMode(): Choice {
  return useContext(ModeContext);
}

const fontFamily =
  '"Noto Sans CJK SC","Noto Sans SC","Source Han Sans SC","PingFang SC","Microsoft YaHei","Segoe UI",system-ui,sans-serif';

export function themeOf(mode: Mode): ThemeConfig {
  const dark = mode === 'dark';
  return {
    algorithm: dark ? antTheme.darkAlgorithm : antTheme.defaultAlgorithm,
    token: {
      fontFamily,
      borderRadius: 8,
      colorPrimary: dark ? '#5cacff' : '#0b5cad',
      colorLink: dark ? '#74b6f5' : '#0b5cad',
      colorSuccess: dark ? '#5fbf72' : '#1c7a34',
      colorWarning: dark ? '#e0a33a' : '#96590a',
      colorError: dark ? '#ff8a80' : '#b42318',
      colorInfo: dark ? '#4a9ced' : '#0b5cad',
      ...(dark
        ? {}
        : {
            colorInfoBg: '#e9f2fc', colorInfoBorder: '#b9d4f0', colorSuccessBg: '#e9f7ec', colorSuccessBorder: '#b5dcc0',
            colorWarningBg: '#fff6e5', colorWarningBorder: '#f0d6a5', colorErrorBg: '#fdecea', colorErrorBorder: '#f3bfb8',
          }),
      colorBgLayout: dark ? '#10161d' : '#f3f5f8',
      colorBgContainer: dark ? '#182028' : '#ffffff',
      colorBgElevated: dark ? '#1f2933' : '#ffffff',
      colorText: dark ? '#e7edf3' : '#17212b',
      colorTextSecondary: dark ? '#b3c0cc' : '#44525f',
      colorTextTertiary: dark ? '#9dabb8' : '#566471',
      colorTextDescription: dark ? '#9dabb8' : '#566471',
      colorTextPlaceholder: dark ? '#8f9dab' : '#5f6d7a',
      colorTextQuaternary: dark ? '#8f9dab' : '#677582',
      colorBorder: dark ? '#33404c' : '#cfd7df',
      colorBorderSecondary: dark ? '#283440' : '#e4e9ee',
    },
    components: {
      Layout: { siderBg: dark ? '#141b22' : '#0d2a45', headerBg: dark ? '#182028' : '#ffffff', headerPadding: '0 20px', headerHeight: 56 },
      Menu: { darkItemBg: 'transparent', darkSubMenuItemBg: 'transparent', darkItemColor: '#c5d3e0', darkItemSelectedBg: '#1668b8', darkGroupTitleColor: '#9fb3c6', itemHeight: 36, itemMarginBlock: 2, ...(dark ? { itemSelectedColor: '#b5dbff' } : {}) },
      Table: { headerBg: dark ? '#1f2933' : '#f0f3f7', cellPaddingBlockMD: 9 },
      Card: { headerFontSize: 15, headerHeight: 46 },
      Button: { primaryShadow: 'none', primaryColor: dark ? '#07131f' : '#ffffff' },
      Statistic: { contentFontSize: 26 },
      Tag: { defaultBg: dark ? '#26323d' : '#eef2f6', defaultColor: dark ? '#d5dee6' : '#2c3a47' },
    },
  };
}

export interface ChartColours {
  series: string[];
  text: string;
  faint: string;
  line: string;
  panel: string;
  low: string;
  middle: string;
  high: string;
}

/** Series colours tell apart also for people with red-green blindness (after Okabe and Ito). */
export function chartColours(mode: Mode): ChartColours {
  return mode === 'dark'
    ? {
        series: ['#5aa9f2', '#f2b134', '#3fc1a0', '#ef7d5b', '#c79be8', '#8fd3f4', '#d6d05a', '#a8b4c0'],
        text: '#d5dee6', faint: '#9dabb8', line: '#33404c', panel: '#1f2933', low: '#2f7fd0', middle: '#26323d', high: '#d9713c',
      }
    : {
        series: ['#0b6bc4', '#d98200', '#0a8f6f', '#c8472b', '#8a4fb5', '#3aa3d6', '#8c8400', '#6b7885'],
        text: '#2c3a47', faint: '#566471', line: '#dfe5eb', panel: '#ffffff', low: '#4d94d8', middle: '#f4f6f8', high: '#e07b46',
      };
}
