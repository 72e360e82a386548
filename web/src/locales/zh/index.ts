// locales/zh/index.ts - the Chinese catalogues.
import admin from './admin.json';
import customers from './customers.json';
import data from './data.json';
import groups from './groups.json';
import overview from './overview.json';
import schemes from './schemes.json';
import service from './service.json';
import shell from './shell.json';

export const zh = { admin, customers, data, groups, overview, schemes, service, shell };
