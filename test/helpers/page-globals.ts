/** What modules of the page find in a browser when they are loaded, for tests that load them without one. Import it first. */
import { vi } from 'vitest';

const store = { getItem: () => null, setItem: () => undefined };
vi.stubGlobal('location', { origin: 'http://localhost:7860', hash: '' });
vi.stubGlobal('sessionStorage', store);
vi.stubGlobal('localStorage', store);
vi.stubGlobal('addEventListener', () => undefined);
vi.stubGlobal('matchMedia', () => ({ matches: false, addEventListener: () => undefined }));
vi.stubGlobal('navigator', { languages: ['en'], platform: '' });
