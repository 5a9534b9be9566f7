/** English; the build makes a pseudo-locale of it. */
export { messages } from './en-pages';
