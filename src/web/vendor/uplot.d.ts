/** The build puts uPlot here. Its small build is a script, not a module: it is loaded by index.html, as `uPlot`. */
import type Plot from 'uplot';

declare global {
  const uPlot: typeof Plot;
}
