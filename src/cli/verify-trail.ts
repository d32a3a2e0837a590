// The audit trail as the command line proves it: with as much of the service as that takes.
import { NestFactory } from '@nestjs/core';
import { AuditVerificationModule } from '../audit/audit-verification.module.js';
import { AuditVerificationService, type Progress, type Verification } from '../audit/audit-verification.service.js';
import type { Config } from '../config/config.js';
import { ConfigModule } from '../config/config.module.js';
import { DatabaseModule } from '../database/database.module.js';

export async function verifyTrail(config: Config, progress?: Progress): Promise<Verification> {
  const context = { module: AuditVerificationModule, imports: [ConfigModule.with(config), DatabaseModule] };
  const app = await NestFactory.createApplicationContext(context, { logger: ['error'], abortOnError: false });
  try {
    return await app.get(AuditVerificationService).verify(progress);
  } finally {
    await app.close();
  }
}
