import type { ComponentChildren } from 'preact';
import { type MessageKey, partsOf } from './messages';

/** A message in the language of the page, in whose places elements may stand. */
export const rich = (key: MessageKey, values: Readonly<Record<string, ComponentChildren>>): ComponentChildren =>
  partsOf(key, values) as ComponentChildren;
