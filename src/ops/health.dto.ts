import { ApiProperty } from '@nestjs/swagger';

class DependencyCheck {
  @ApiProperty({ enum: ['up', 'down'] })
  status: 'up' | 'down';

  @ApiProperty({ example: 'sqlite' })
  engine: string;

  @ApiProperty()
  latency_ms: number;
}

class DependencyChecks {
  @ApiProperty({ type: DependencyCheck })
  database: DependencyCheck;

  @ApiProperty({ type: DependencyCheck })
  cache: DependencyCheck;
}

export class HealthReport {
  @ApiProperty({ enum: ['ok', 'degraded', 'down'] })
  status: 'ok' | 'degraded' | 'down';

  @ApiProperty({ example: '1.0.0' })
  version: string;

  @ApiProperty({ type: 'integer' })
  uptime_seconds: number;

  @ApiProperty({ type: DependencyChecks })
  checks: DependencyChecks;
}

export class Liveness {
  @ApiProperty({ enum: ['ok'] })
  status: 'ok';
}
