// api/upload_types.ts - files that were put in, as the server answers of them.
import type { Text } from './types';

export interface Upload {
  upload: string;
  name: string;
  bytes: number;
  job: string | null;
  known_batch: string | null;
  format: string;
  encoding: string;
  sheets: string[];
  records: number;
  complete: boolean;
  headers: string[];
  rows: (string | null)[][];
  masked: string[];
  mapping: string;
  entities: {
    entity: string;
    title: Text;
    fields: { field: string; title: Text; columns: string[]; open: boolean; confidence: number; reasons: string[] }[];
  }[];
  left: { column: string; reason: string }[];
  remarks: string[];
  trial: {
    whole_file: boolean;
    refused: string | null;
    rows_in: number;
    rows_loaded: number;
    rows_rejected: number;
    faults: { entity: string; column: string; reason: string; reason_text: string; rows: number; first_line: number }[];
  } | null;
  problems: { severity: 'error' | 'warning'; message: string }[];
}

/** What a job that loads an upload ends with. */
export interface Loaded {
  batch: string;
  already_loaded: boolean;
  rows_in: number;
  rows_loaded: number;
  rows_duplicate: number;
  rows_superseded: number;
  rows_rejected: number;
}
