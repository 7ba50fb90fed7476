package io.espalier.trainer.latency;

/** Tells how long a layer takes. */
interface LayerMeasure {
  /** Nanoseconds of a training step's part of a layer, 1 or more. */
  long nanoseconds(TimedLayer layer);
}
