package io.espalier.trainer.observer;

import java.util.List;

/** Gathers one statistic of one layer, batch by batch. Not thread-safe. */
public interface StatisticObserver {
  void see(LayerActivations pass);

  /**
   * Returns changes of the layer's weight whose effect on the network's outputs it sees; each takes
   * a pass of each batch, with no other layer changed.
   */
  default List<Probe> probes() {
    return List.of();
  }

  /** Returns the statistic's arrays, in the shapes that it names. */
  List<float[]> result();
}
