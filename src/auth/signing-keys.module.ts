// Apart from AuthModule, because the JWT module needs the keys while AuthModule is still being put together.
import { Module } from '@nestjs/common';
import { SigningKeys } from './signing-keys.js';

@Module({ providers: [SigningKeys], exports: [SigningKeys] })
export class SigningKeysModule {}
