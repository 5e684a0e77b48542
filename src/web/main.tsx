import { render } from 'preact';
import { App } from './app.tsx';
import { releaseTrees } from './release-trees.ts';
import './styles/index.css';

releaseTrees();
render(<App />, document.getElementById('app')!);
