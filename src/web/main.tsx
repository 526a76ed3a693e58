import { h, render } from 'preact';
import { App } from './app.js';
import { readSetup } from './setup.js';
import { applyTheme } from './theme.js';

applyTheme();
render(<App setup={await readSetup()} />, document.body);
