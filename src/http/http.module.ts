// What every feature's routes share.
import { Global, Module } from '@nestjs/common';
import { Cursors } from './cursor.js';

@Global()
@Module({ providers: [Cursors], exports: [Cursors] })
export class HttpModule {}
