import { shown } from '../../shown';
import { type Bundle, BundleError, type BundleFile } from './bundle';
import { rowsOf } from './csv';
import { FileError, ValueError } from './errors';
import { fileSpecs } from './files';
import type { FileSpec } from './files/spec';

const modes = ['bulk', 'delta', 'absent'] as const;

/** Whether a file lists everything there is, what has changed, or nothing. */
export type Mode = (typeof modes)[number];

/**
 * What the manifest says of each file; bulk where it says nothing and the file is there. Throws BundleError where it
 * says what is not understood: to take a delta for bulk would end all that has not changed.
 */
export async function readManifest({ files }: Bundle): Promise<Manifest> {
  const manifest = files.get('manifest');
  const properties = manifest ? await propertiesIn(manifest) : new Map<string, string>();
  const version = properties.get('oneroster.version') ?? '';
  if (version && !/^v?1\.[012](?!\d)/.test(version))
    throw new BundleError(`OneRoster ${shown(version)} is not read here; 1.1 and 1.2 are.`);
  const said = new Map(fileSpecs.map(({ file }) => [file, modeIn(properties, file)]));
  const unsaid = fileSpecs.filter(({ file }) => files.has(file.toLowerCase()) && !said.get(file));
  return {
    modeOf: (file) => said.get(file) ?? (files.has(file.toLowerCase()) ? 'bulk' : 'absent'),
    unsaid: manifest ? unsaid.map(({ file }) => `${file}.csv`) : 'manifest',
  };
}

/** What the manifest says. */
export interface Manifest {
  readonly modeOf: (file: FileSpec['file']) => Mode;
  /** The files that were taken for bulk since it does not say what they are; all of them where there is no manifest. */
  readonly unsaid: readonly string[] | 'manifest';
}

function modeIn(properties: ReadonlyMap<string, string>, file: string): Mode | undefined {
  const value = properties.get(`file.${file.toLowerCase()}`);
  const mode = modes.find((known) => known === value);
  if (value !== undefined && !mode)
    throw new BundleError(`The manifest says ${shown(value)} of ${file}; ${modes.join(', ')} are understood.`);
  return mode;
}

async function propertiesIn(manifest: BundleFile): Promise<Map<string, string>> {
  const properties = new Map<string, string>();
  try {
    for await (const row of rowsOf(manifest, ['propertyName', 'value']))
      properties.set(row.get('propertyName').toLowerCase(), row.get('value').toLowerCase());
    return properties;
  } catch (error) {
    if (error instanceof FileError || error instanceof ValueError)
      throw new BundleError(`${manifest.name} is not understood: ${error.message}`, { cause: error });
    throw error;
  }
}
