// application.tsx - language, theme and session around the pages; who is not logged in sees the door.
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { App, ConfigProvider, Spin } from 'antd';
import enUS from 'antd/locale/en_US';
import zhCN from 'antd/locale/zh_CN';
import dayjs from 'dayjs';
import 'dayjs/locale/zh-cn';
import { useEffect, useMemo } from 'react';
import { RouterProvider } from 'react-router-dom';
import { ApiError, setCsrf } from './api/client';
import { useGet, useSession } from './api/hooks';
import { chooseLanguage, keptLanguage, useWords } from './i18n';
import { Failed } from './parts/states';
import { router } from './router';
import { Login } from './shell/login';
import { NewPassword } from './shell/new_password';
import { Setup } from './shell/setup';
import { ModeProvider, themeOf, useMode } from './theme';

const client = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      refetchOnWindowFocus: false,
      retry: (times, error) => times < 2 && error instanceof ApiError && (error.problem.status === 0 || error.problem.status >= 502),
    },
  },
});

function Door() {
  const setup = useGet<{ needed: boolean }>('setup');
  if (setup.error) return <div className="center"><Failed error={setup.error} retry={() => void setup.refetch()} /></div>;
  if (!setup.data) return <Waiting />;
  return setup.data.needed ? <Setup /> : <Login />;
}

function Waiting() {
  return (
    <div className="center" aria-busy="true">
      <Spin size="large" />
    </div>
  );
}

function Inside() {
  const session = useSession();
  const me = session.data;
  useEffect(() => {
    if (!me) return;
    setCsrf(me.csrf);
    if (!keptLanguage()) chooseLanguage(me.language);
  }, [me]);
  useEffect(() => {
    const end = () => client.setQueryData(['session'], null);
    window.addEventListener('session-ended', end);
    return () => window.removeEventListener('session-ended', end);
  }, []);
  if (session.error) return <div className="center"><Failed error={session.error} retry={() => void session.refetch()} /></div>;
  if (session.data === undefined) return <Waiting />;
  if (!me) return <Door />;
  setCsrf(me.csrf);
  return me.must_change_password ? <NewPassword /> : <RouterProvider router={router} />;
}

function Dressed({ nonce }: { nonce: string }) {
  const { i18n } = useWords('shell');
  const { mode } = useMode();
  const english = i18n.language === 'en';
  dayjs.locale(english ? 'en' : 'zh-cn');
  const theme = useMemo(() => themeOf(mode), [mode]);
  return (
    <ConfigProvider locale={english ? enUS : zhCN} theme={theme} csp={{ nonce }} button={{ autoInsertSpace: false }}>
      <App style={{ height: '100%' }}>
        <Inside />
      </App>
    </ConfigProvider>
  );
}

export function Application({ nonce }: { nonce: string }) {
  return (
    <QueryClientProvider client={client}>
      <ModeProvider>
        <Dressed nonce={nonce} />
      </ModeProvider>
    </QueryClientProvider>
  );
}
