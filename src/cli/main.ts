#!/usr/bin/env node
import { fail } from './failure';
import { program } from './program';

program.parseAsync().catch(fail);
