package io.espalier.trainer.latency;

import io.espalier.configs.plugin.ModuleParts;

/** Times layers on this machine, in a module of its own, found by {@code ServiceLoader}. */
public interface LayerTimer {
  /** Nanoseconds of a training step's part of a layer, 1 or more. */
  long nanoseconds(TimedLayer layer);

  /** Name and version of what computes, such as {@code PyTorch 2.7.1}. */
  String engine();

  static LayerTimer here() {
    return ModuleParts.require(LayerTimer.class, "times of layers", "espalier-engine");
  }
}
