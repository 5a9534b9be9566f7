/** JOSE, loaded by who is launched, which most services are not. A module of ECMAScript, which Node can require since 20.19 and 22.12. */
export const library = (): typeof import('jose') => require('jose');
