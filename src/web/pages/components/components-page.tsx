import type { JSX } from 'preact';
export default function ComponentsPage(): JSX.Element {
  return <main class="page" />;
}
