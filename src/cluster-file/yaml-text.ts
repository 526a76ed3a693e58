import { Document, isCollection, visit } from 'yaml';

/** How long a map or list may be to stand on one line. */
const line = 88;

/** Sections as the text of a cluster file, small maps on a line of their own, with comments before the keys. */
export function yamlText(
  sections: Readonly<Record<string, unknown>>,
  comments: Readonly<Record<string, string>> = {},
): string {
  return Object.entries(sections)
    .map(([key, value]) => {
      const document = new Document({ [key]: value });
      visit(document, {
        Collection(_, node, path) {
          const depth = path.filter(isCollection).length;
          // A section stands in lines; what it holds, and lists of words, on one line where that fits.
          if (depth < (isShort(value) ? 1 : 2)) return;
          node.flow = JSON.stringify(node.toJSON()).length <= line;
        },
      });
      const comment = comments[key];
      const said = comment === undefined ? '' : comment.replace(/^/gm, '# ').replace(/ +$/gm, '');
      return `${said}${said && '\n'}${document.toString({ lineWidth: 0, flowCollectionPadding: false })}`;
    })
    .join('\n');
}

/** A list of words, or a map of nothing but words. */
function isShort(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return Object.values(value).every((one) => typeof one !== 'object' || one === null);
}
