/** Old and short addresses, and where they lead. */
export const redirects: [from: string, to: string][] = [
  ['/api', '/api/index.html'],
  ['/api/', '/api/index.html'],
  ['/cli', '/cli/index.html'],
  ['/cli/', '/cli/index.html'],
  ['/mgmt', '/'],
  ['/mgmt/', '/'],
  ['/stats', '/api/index.html'],
  ['/doc/stats.html', '/api/index.html'],
];
