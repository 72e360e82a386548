// locales/en/index.ts - the English catalogues, with the keys of the Chinese ones.
import type { zh } from '../zh';
import admin from './admin.json';
import customers from './customers.json';
import data from './data.json';
import groups from './groups.json';
import overview from './overview.json';
import schemes from './schemes.json';
import service from './service.json';
import shell from './shell.json';

type Words<T> = { [K in keyof T]: T[K] extends string ? string : Words<T[K]> };
export const en: Words<typeof zh> = { admin, customers, data, groups, overview, schemes, service, shell };
