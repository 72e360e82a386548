// api/hooks.ts - reading and writing as hooks. What was read is kept per language, since titles come in it.
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App } from 'antd';
import { useEffect, useState } from 'react';
import { useWords } from '../i18n';
import { ApiError, address, call, type Query } from './client';
import type { Job, Me } from './types';

export function useGet<T>(path: string | null, query: Query = {}, refetchMs?: number) {
  const { i18n } = useWords('shell');
  return useQuery<T, ApiError>({
    queryKey: [path?.split('?')[0], query, i18n.language],
    queryFn: ({ signal }) => call<T>('GET', path ?? '', { query, signal }),
    enabled: path !== null,
    placeholderData: keepPreviousData,
    ...(refetchMs ? { refetchInterval: refetchMs } : {}),
  });
}

export interface Write {
  method: 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  path: string;
  query?: Query;
  body?: unknown;
  file?: Blob;
}

/** Writes, then reads everything anew that is shown. Errors are told unless `quiet`. */
export function useWrite<T>(options: { said?: string; quiet?: boolean; onDone?: (answer: T) => void } = {}) {
  const client = useQueryClient();
  const { message } = App.useApp();
  return useMutation<T, ApiError, Write>({
    mutationFn: ({ method, path, ...rest }) => call<T>(method, path, rest),
    onSuccess: (answer) => {
      void client.invalidateQueries();
      if (options.said) void message.success(options.said);
      options.onDone?.(answer);
    },
    onError: (error) => {
      if (!options.quiet) void message.error(error.message);
    },
  });
}

export function useSession() {
  return useQuery<Me | null, ApiError>({
    queryKey: ['session'],
    queryFn: async () => {
      try {
        return await call<Me>('GET', 'session');
      } catch (error) {
        if (error instanceof ApiError && error.problem.status === 401) return null;
        throw error;
      }
    },
    staleTime: Infinity,
  });
}

/** Whether the one who is logged in may do this. */
export function useRight(right: string): boolean {
  const session = useSession();
  return session.data?.rights.includes(right) ?? false;
}

const finished = new Set(['done', 'failed', 'cancelled']);

/** A job as it goes on, by server-sent events; where these break off, by asking. */
export function useJob(start: Job | null): Job | null {
  const [job, setJob] = useState<Job | null>(start);
  const client = useQueryClient();
  const id = start?.job;
  const isOver = start ? finished.has(start.state) : true;
  useEffect(() => setJob(start), [start]);
  useEffect(() => {
    if (!id || isOver) return undefined;
    const events = new EventSource(address(`jobs/${id}/events`));
    const hear = (event: MessageEvent<string>) => {
      const told = JSON.parse(event.data) as Job;
      setJob(told);
      if (finished.has(told.state)) {
        events.close();
        void client.invalidateQueries();
      }
    };
    events.addEventListener('job', hear);
    events.addEventListener('message', hear);
    return () => events.close();
  }, [id, isOver, client]);
  return job;
}
