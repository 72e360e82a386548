// shell/navigation.tsx - what the menu offers, and the right each page needs.
import {
  ApartmentOutlined, AuditOutlined, BookOutlined, CarryOutOutlined, CloudUploadOutlined, DashboardOutlined, ExportOutlined,
  FundOutlined, HeartOutlined, HistoryOutlined, InboxOutlined, KeyOutlined, NotificationOutlined, PartitionOutlined, PayCircleOutlined, PhoneOutlined, SafetyOutlined,
  ScheduleOutlined, SolutionOutlined, TeamOutlined, ToolOutlined, TrophyOutlined, UserOutlined, WarningOutlined,
} from '@ant-design/icons';
import type { ReactNode } from 'react';

export interface Place {
  path: string;
  right: string;
  icon: ReactNode;
}

export interface Section {
  name: 'work' | 'service' | 'grouping' | 'data' | 'administration';
  places: Place[];
}

export const sections: Section[] = [
  {
    name: 'work',
    places: [
      { path: 'overview', right: 'overview.read', icon: <DashboardOutlined /> },
      { path: 'customers', right: 'customers.read', icon: <TeamOutlined /> },
      { path: 'calls', right: 'route.read', icon: <PhoneOutlined /> },
      { path: 'places', right: 'customers.read', icon: <ApartmentOutlined /> },
    ],
  },
  {
    name: 'service',
    places: [
      { path: 'orders', right: 'orders.read', icon: <CarryOutOutlined /> },
      { path: 'strategies', right: 'strategies.read', icon: <SolutionOutlined /> },
      { path: 'arrears', right: 'arrears.read', icon: <PayCircleOutlined /> },
      { path: 'campaigns', right: 'strategies.read', icon: <NotificationOutlined /> },
      { path: 'points', right: 'points.read', icon: <TrophyOutlined /> },
    ],
  },
  {
    name: 'grouping',
    places: [
      { path: 'groups', right: 'groups.read', icon: <FundOutlined /> },
      { path: 'schemes', right: 'schemes.read', icon: <PartitionOutlined /> },
      { path: 'runs', right: 'runs.read', icon: <HistoryOutlined /> },
    ],
  },
  {
    name: 'data',
    places: [
      { path: 'batches', right: 'data.read', icon: <InboxOutlined /> },
      { path: 'quarantine', right: 'data.read', icon: <WarningOutlined /> },
      { path: 'preparation', right: 'data.read', icon: <ToolOutlined /> },
      { path: 'dictionary', right: 'data.read', icon: <BookOutlined /> },
      { path: 'upload', right: 'data.write', icon: <CloudUploadOutlined /> },
      { path: 'jobs', right: 'jobs.read', icon: <ScheduleOutlined /> },
    ],
  },
  {
    name: 'administration',
    places: [
      { path: 'users', right: 'users.manage', icon: <UserOutlined /> },
      { path: 'roles', right: 'users.manage', icon: <SafetyOutlined /> },
      { path: 'keys', right: 'users.manage', icon: <KeyOutlined /> },
      { path: 'audit', right: 'audit.read', icon: <AuditOutlined /> },
      { path: 'exports', right: 'exports.read', icon: <ExportOutlined /> },
      { path: 'health', right: 'health.read', icon: <HeartOutlined /> },
    ],
  },
];

