package io.espalier.trainer.model;

import io.espalier.masks.MaskSet;
import io.espalier.trainer.network.Network;

/**
 * The cost of a network: multiply-accumulates per example.
 *
 * @param executed by the network with all its weights
 * @param effective counts kept weights only
 */
public record Macs(long executed, long effective) {

  public static Macs of(Network network, MaskSet masks) {
    return new Macs(
        network.macs(),
        network.macsEffective(
            id ->
                masks.isPrunable(id)
                    ? masks.mask(id).kept()
                    : network.parameter(id).orElseThrow().shape().size()));
  }
}
