package io.espalier.trainer.engine.frozen;

import io.espalier.masks.ParameterId;
import io.espalier.trainer.network.Network;
import io.espalier.trainer.stored.FixedNetwork;
import io.espalier.trainer.stored.FixedNetworks;
import java.util.function.Function;

/** Networks with all weights on the tensor engine, which the first use loads. */
public final class EngineNetworks implements FixedNetworks {
  @Override
  public FixedNetwork open(Network network, Function<ParameterId, float[]> values) {
    return FrozenNetwork.open(network, values);
  }
}
