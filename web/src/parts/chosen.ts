// parts/chosen.ts - that something must be chosen. Ant Design's own rule puts aria-required where it may not stand.
export function chosen(message: string) {
  return { validator: (_: unknown, value: unknown) => (value !== undefined && value !== null && value !== '' ? Promise.resolve() : Promise.reject(new Error(message))) };
}
