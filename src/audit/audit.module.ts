import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuditController } from './audit.controller.js';
import { AuditEntry } from './audit-entry.entity.js';
import { AuditMetrics } from './audit-metrics.js';
import { AuditRelay } from './audit-relay.js';
import { AuditSealer } from './audit-sealer.js';
import { AuditService } from './audit.service.js';
import { AuditVerificationModule } from './audit-verification.module.js';

@Module({
  imports: [TypeOrmModule.forFeature([AuditEntry]), AuditVerificationModule],
  controllers: [AuditController],
  providers: [AuditService, AuditSealer, AuditRelay, AuditMetrics],
  exports: [AuditService],
})
export class AuditModule {}
