package io.espalier.trainer.engine.timing;

import io.espalier.trainer.engine.TensorEngine;
import io.espalier.trainer.latency.LayerTimer;
import io.espalier.trainer.latency.TimedLayer;

/** Times layers by the clock of this machine. */
public final class EngineTimer implements LayerTimer {
  private final LayerClock clock = new LayerClock(System::nanoTime);

  @Override
  public long nanoseconds(TimedLayer layer) {
    return clock.nanoseconds(layer);
  }

  @Override
  public String engine() {
    return TensorEngine.version();
  }
}
