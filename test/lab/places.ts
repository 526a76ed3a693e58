import { mkdirSync } from 'node:fs';
import path from 'node:path';

/** Where images and labs live; images stay from run to run. */
export const labFolder = process.env.WARREN_LAB_DIR ?? '/var/cache/warren-lab';

export const imagesFolder = folder('images');
export const labsFolder = folder('labs');

function folder(name: string): () => string {
  return () => {
    const place = path.join(labFolder, name);
    mkdirSync(place, { recursive: true });
    return place;
  };
}
