// Whether the service has been told to stop: from then on it is not ready.
import { Injectable, type OnModuleDestroy } from '@nestjs/common';

@Injectable()
export class Lifecycle implements OnModuleDestroy {
  stopping = false;

  onModuleDestroy(): void {
    this.stopping = true;
  }
}
