declare module 'halfred';
declare module 'hal-http-client';
declare module 'traverson';
declare module 'traverson-hal';
