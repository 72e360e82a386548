// shell/layout.tsx - menu by rights, search, language, brightness, who is logged in; the page in the middle.
import { LogoutOutlined, MenuFoldOutlined, MenuUnfoldOutlined, UserOutlined } from '@ant-design/icons';
import { useQueryClient } from '@tanstack/react-query';
import { Button, Dropdown, Layout as Frame, Menu, Tag, Tooltip } from 'antd';
import { useEffect, useState } from 'react';
import { Link, Outlet, useLocation } from 'react-router-dom';
import { useSession, useWrite } from '../api/hooks';
import { useWords } from '../i18n';
import icon from '../icon.svg';
import { say } from '../say';
import { sections } from './navigation';
import { Search } from './search';
import { Switches } from './switches';

export function Layout() {
  const { t } = useWords('shell');
  const me = useSession().data;
  const client = useQueryClient();
  const { pathname } = useLocation();
  const [narrow, setNarrow] = useState(() => window.innerWidth < 1100);
  const [phone, setPhone] = useState(() => window.innerWidth < 600);
  const leave = useWrite<void>({
    onDone: () => {
      client.clear();
      client.setQueryData(['session'], null);
    },
  });
  const here = pathname.split('/')[1] ?? '';
  useEffect(() => {
    const size = () => {
      setNarrow((before) => (window.innerWidth < 1000 ? true : before));
      setPhone(window.innerWidth < 600);
    };
    window.addEventListener('resize', size);
    return () => window.removeEventListener('resize', size);
  }, []);
  // On a phone the menu lies over the page; whoever chose something wants to see it.
  useEffect(() => { if (window.innerWidth < 600) setNarrow(true); }, [pathname]);
  if (!me) return null;
  const items = sections
    .map((section) => ({
      type: 'group' as const,
      key: section.name,
      label: narrow ? null : t(`section.${section.name}`),
      children: section.places
        .filter((place) => me.rights.includes(place.right))
        .map((place) => ({
          key: place.path,
          icon: place.icon,
          title: t(`place.${place.path}` as 'place.overview'),
          label: <Link to={`/${place.path}`}>{t(`place.${place.path}` as 'place.overview')}</Link>,
        })),
    }))
    .filter((section) => section.children.length > 0);
  return (
    <Frame style={{ minHeight: '100%' }}>
      <a className="skip" href="#main" onClick={(event) => { event.preventDefault(); document.getElementById('main')?.focus(); }}>
        {t('skip')}
      </a>
      <Frame.Sider className="shell-sider" width={216} collapsedWidth={phone ? 0 : 64} collapsed={narrow} theme="dark">
        <div className="brand">
          <img src={icon} alt="" />
          {!narrow && (
            <span>
              {t('title')}
              <small>{me.workspace.name}</small>
            </span>
          )}
        </div>
        <nav aria-label={t('menu')}>
          <Menu theme="dark" mode="inline" selectedKeys={[here]} items={items} />
        </nav>
      </Frame.Sider>
      <Frame>
        <Frame.Header className="shell-header">
          <Button type="text" aria-label={narrow ? t('menuOpen') : t('menuClose')} icon={narrow ? <MenuUnfoldOutlined /> : <MenuFoldOutlined />} onClick={() => setNarrow(!narrow)} />
          <div className="grow">{me.rights.includes('customers.read') && <Search />}</div>
          {me.workspace.synthetic && (
            <Tooltip title={t('syntheticWhy')}>
              <Tag color="gold" style={{ margin: 0 }}>{t('synthetic')}</Tag>
            </Tooltip>
          )}
          {me.scope.length > 0 && (
            <Tooltip title={me.scope.map((unit) => unit.name).join('、')}>
              <Tag className="hide-narrow" style={{ margin: 0 }}>{me.scope.length === 1 ? me.scope[0]?.name : t('scopes', { count: me.scope.length })}</Tag>
            </Tooltip>
          )}
          <Switches />
          <Dropdown
            trigger={['click']}
            menu={{
              items: [
                { key: 'role', label: say(me.role_title), disabled: true },
                { type: 'divider' },
                { key: 'leave', icon: <LogoutOutlined />, label: t('leave'), onClick: () => leave.mutate({ method: 'DELETE', path: 'session' }) },
              ],
            }}
          >
            <Button type="text" icon={<UserOutlined />}>
              <span className="hide-narrow">{me.display_name || me.user}</span>
              <span className="skip">{t('account')}</span>
            </Button>
          </Dropdown>
        </Frame.Header>
        <main id="main" className="shell-content" tabIndex={-1} style={{ outline: 'none' }}>
          <Outlet />
        </main>
      </Frame>
    </Frame>
  );
}
