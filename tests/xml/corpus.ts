import { encodings } from './encodings';
import { files } from './files';
import { huge } from './huge';
import { malformed } from './malformed';

/** Everything that is done to readers of XML. */
export const corpus = [...files, ...malformed, ...encodings, ...huge];
