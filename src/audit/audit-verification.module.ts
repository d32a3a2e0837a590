// Apart from AuditModule, so that the command line can prove the trail without starting what writes it.
import { Module } from '@nestjs/common';
import { AuditRepository } from './audit.repository.js';
import { AuditVerificationService } from './audit-verification.service.js';

@Module({
  providers: [AuditRepository, AuditVerificationService],
  exports: [AuditRepository, AuditVerificationService],
})
export class AuditVerificationModule {}
