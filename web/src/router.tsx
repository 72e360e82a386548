// router.tsx - addresses of pages. They stand behind #, so that no 户号 in them reaches a server's log.
import { lazy, Suspense, type ComponentType } from 'react';
import { Card, Skeleton } from 'antd';
import { createHashRouter } from 'react-router-dom';
import { Layout } from './shell/layout';
import { Lost, Start } from './shell/start';

function page(load: () => Promise<{ default: ComponentType }>) {
  const Page = lazy(load);
  return (
    <Suspense fallback={<Card aria-busy="true"><Skeleton active paragraph={{ rows: 8 }} /></Card>}>
      <Page />
    </Suspense>
  );
}

export const router = createHashRouter([
  { path: '/customers/:id/dossier', element: page(() => import('./pages/dossier')) },
  {
    path: '/',
    element: <Layout />,
    children: [
      { index: true, element: <Start /> },
      { path: 'overview', element: page(() => import('./pages/overview')) },
      { path: 'customers', element: page(() => import('./pages/customers')) },
      { path: 'customers/:id', element: page(() => import('./pages/customer')) },
      { path: 'calls', element: page(() => import('./pages/calls')) },
      { path: 'groups', element: page(() => import('./pages/groups')) },
      { path: 'groups/:run', element: page(() => import('./pages/portrait')) },
      { path: 'schemes', element: page(() => import('./pages/schemes')) },
      { path: 'schemes/:scheme', element: page(() => import('./pages/scheme')) },
      { path: 'runs', element: page(() => import('./pages/runs')) },
      { path: 'runs/:run', element: page(() => import('./pages/run')) },
      { path: 'batches', element: page(() => import('./pages/batches')) },
      { path: 'quarantine', element: page(() => import('./pages/quarantine')) },
      { path: 'preparation', element: page(() => import('./pages/preparation')) },
      { path: 'dictionary', element: page(() => import('./pages/dictionary')) },
      { path: 'upload', element: page(() => import('./pages/upload')) },
      { path: 'places', element: page(() => import('./pages/places')) },
      { path: 'orders', element: page(() => import('./pages/orders')) },
      { path: 'orders/:order', element: page(() => import('./pages/order')) },
      { path: 'strategies', element: page(() => import('./pages/strategies')) },
      { path: 'strategies/:file', element: page(() => import('./pages/strategy')) },
      { path: 'campaigns', element: page(() => import('./pages/campaigns')) },
      { path: 'campaigns/:campaign', element: page(() => import('./pages/campaign')) },
      { path: 'arrears', element: page(() => import('./pages/arrears')) },
      { path: 'points', element: page(() => import('./pages/points')) },
      { path: 'jobs', element: page(() => import('./pages/jobs')) },
      { path: 'users', element: page(() => import('./pages/users')) },
      { path: 'roles', element: page(() => import('./pages/roles')) },
      { path: 'keys', element: page(() => import('./pages/keys')) },
      { path: 'audit', element: page(() => import('./pages/audit')) },
      { path: 'exports', element: page(() => import('./pages/exports')) },
      { path: 'health', element: page(() => import('./pages/health')) },
      { path: '*', element: <Lost /> },
    ],
  },
]);
