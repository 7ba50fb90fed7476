package io.espalier.trainer.checkpoint;

import java.io.IOException;

final class DamagedCheckpointException extends IOException {
  DamagedCheckpointException(String message) {
    super(message);
  }

  DamagedCheckpointException(String message, Exception cause) {
    super(message, cause);
  }
}
