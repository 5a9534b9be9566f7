#!/usr/bin/env node
import { fail } from './failure';
import { program } from './program';

program(process.argv[2]).parseAsync().catch(fail);
