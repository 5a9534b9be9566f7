import { type Bundle, BundleError } from './bundle';
import { rowsOf } from './csv';

/** Whether a file lists everything there is, what has changed, or nothing. */
export type Mode = 'bulk' | 'delta' | 'absent';

/** What the manifest says of each file; bulk where it says nothing and the file is there. */
export async function readManifest({ files }: Bundle): Promise<(file: string) => Mode> {
  const manifest = files.get('manifest');
  const properties = new Map<string, string>();
  if (manifest)
    for await (const row of rowsOf(manifest))
      properties.set(row.get('propertyName').toLowerCase(), row.get('value').toLowerCase());
  const version = properties.get('oneroster.version') ?? '';
  if (version && !/^v?1\.[12]/.test(version))
    throw new BundleError(`OneRoster ${version} is not read here; 1.1 and 1.2 are.`);
  return (file) => {
    const said = properties.get(`file.${file.toLowerCase()}`);
    if (said === 'bulk' || said === 'delta' || said === 'absent') return said;
    return files.has(file.toLowerCase()) ? 'bulk' : 'absent';
  };
}
