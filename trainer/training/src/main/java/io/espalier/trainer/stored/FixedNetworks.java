package io.espalier.trainer.stored;

import io.espalier.configs.plugin.ModuleParts;
import io.espalier.masks.ParameterId;
import io.espalier.trainer.network.Network;
import java.util.function.Function;

/** Computes networks as they are, in a module of its own, found by {@code ServiceLoader}. */
public interface FixedNetworks {
  /**
   * Opens a network, which the caller closes.
   *
   * @param values row-major, of each parameter; read once
   */
  FixedNetwork open(Network network, Function<ParameterId, float[]> values);

  /** Returns the networks of the tensor engine, with all weights. */
  static FixedNetworks onEngine() {
    return ModuleParts.require(FixedNetworks.class, "networks on the engine", "espalier-engine");
  }
}
