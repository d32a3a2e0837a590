// Nest's own generators, then ".js" on every relative import (native ES modules need it, and the generators that write
// it themselves, @nestjs/schematics 12, refuse Node 20) and this repository's formatting.
const { chain, externalSchematic } = require('@angular-devkit/schematics');
const prettier = require('prettier');
const style = require('../../.prettierrc.json');

const RELATIVE_IMPORT = /(from ')(\.{1,2}\/[^']+?)(?:\.js)?(';)/g;

exports.default = (options) => (tree, context) => chain([nest(context.schematic.description.name, options), adapt])(tree, context);

/** Without the handlers that Nest would make up: they neither compile here nor check what comes in. */
exports.feature = ({ name, sourceRoot, path, language }) =>
  chain([...['module', 'controller', 'service'].map((kind) => nest(kind, { name, sourceRoot, path, language, spec: false })), adapt]);

const nest = (kind, options) => externalSchematic('@nestjs/schematics', kind, options);

async function adapt(tree) {
  const written = tree.actions.filter(({ kind, path }) => kind !== 'd' && path.endsWith('.ts'));
  const files = written.map(({ path }) => ({ path, text: tree.readText(path).replace(RELATIVE_IMPORT, '$1$2.js$3') }));
  for (const file of files) tree.overwrite(file.path, await prettier.format(file.text, { ...style, parser: 'typescript' }));
}
