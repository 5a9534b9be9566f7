import { Problem } from '../../lib/problem';
import { type AnswerFormat, asText } from './format';

/** An event of a stream, and up to where a client has read that has it. Without data it only shows that the stream goes on. */
export interface ServerSentEvent {
  readonly id?: string;
  readonly data?: unknown;
}

/** HTML, 9.2.6: a line that begins with a colon is a comment, and an empty line ends an event. JSON has no line breaks. */
const textOf = ({ id, data }: ServerSentEvent): string =>
  (id === undefined ? '' : `id: ${id}\n`) + (data === undefined ? ':\n\n' : `data: ${JSON.stringify(data)}\n\n`);

/** How long a client waits before it asks again where a stream has ended, in milliseconds. */
const RETRY = 1_000;

export const EVENT_STREAM = 'text/event-stream';

/** `text/event-stream` (HTML, 9.2): the one list of a body, each item a `ServerSentEvent`. It is only ever streamed. */
export const eventStream = (list: string): AnswerFormat => ({
  types: [EVENT_STREAM],
  describe: asText,
  decode: () => {
    throw new Problem('MEDIA_TYPE_UNSUPPORTED');
  },
  // For the example of a document.
  encode: (value) => {
    const { [list]: items, next } = value as Readonly<Record<string, readonly unknown[]>>;
    return items!.map((data) => textOf({ id: String(next), data })).join('');
  },
  parts: {
    open: `retry: ${RETRY}\n\n`,
    close: '',
    property: () => '',
    list: {
      begin: () => '',
      items: (_name, items) => (items as readonly ServerSentEvent[]).map(textOf).join(''),
      end: () => '',
    },
  },
});
