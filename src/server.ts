import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import pino from 'pino';
import { createApp } from './app';
import { keyFor } from './clients/secret-key';
import { secretsWith } from './clients/secrets';
import { readConfig } from './config';
import { openDatabase } from './database/database';
import { migrate } from './database/migrate';
import { createCredentials } from './http/credentials';

/** How long requests in flight may take to finish once the process is told to stop, in milliseconds. */
const GRACE = 25_000;
