package io.espalier.trainer.engine.block;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;

/** Gives each parameter as it is stored. */
public final class StoredValues extends ParameterStore {
  public StoredValues(NDManager manager) {
    super(manager, false);
  }

  @Override
  public NDArray getValue(Parameter parameter, Device device, boolean training) {
    return parameter.getArray();
  }
}
