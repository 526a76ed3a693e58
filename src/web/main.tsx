import { App } from './app.js';
import { readSetup } from './setup.js';
import { applyTheme } from './theme.js';
import { h, render } from './vendor/preact.js';

applyTheme();
render(<App setup={await readSetup()} />, document.body);
