/** The build puts preact's own module here: a browser finds no bare `preact`. */
export * from 'preact';
