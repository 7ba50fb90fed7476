package io.espalier.trainer.gauge;

import java.util.List;

/** Gathers one statistic of one layer, batch by batch. Not thread-safe. */
public interface Gauge {
  void see(LayerPass pass);

  /** Returns the statistic's arrays, in the shapes that it names. */
  List<float[]> result();
}
