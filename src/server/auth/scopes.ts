/** What a key or token may do. `admin` includes all others. */
export const SCOPES = [
  'assets:read',
  'assets:write',
  'jobs:read',
  'jobs:write',
  'looks',
  'models:read',
  'audit:read',
  'usage:read',
  'metrics:read',
  'admin',
] as const;
export type Scope = (typeof SCOPES)[number];

export const isScope = (text: string): text is Scope => (SCOPES as readonly string[]).includes(text);

export const allows = (scopes: readonly Scope[], needed: Scope): boolean =>
  scopes.includes(needed) || scopes.includes('admin');
