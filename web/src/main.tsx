import { render } from 'preact';
import { App } from './app.js';
import './styles/tokens.css';
import './styles/base.css';
import './styles/shell.css';
import './styles/list.css';

const root = document.getElementById('app');
if (root) render(<App />, root);
