package io.espalier.trainer.network;

import java.util.List;

/** A layer whose pass holds values beside its output, such as the weights of attention. */
public interface StoresIntermediates {
  /** The number of these values for an example. */
  long intermediates(List<TensorShape> inputs);
}
