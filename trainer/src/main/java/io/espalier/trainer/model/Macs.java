package io.espalier.trainer.model;

import io.espalier.masks.MaskSet;
import io.espalier.trainer.network.Network;

/**
 * What a network costs to run: multiply-accumulates per example.
 *
 * @param executed those of the network as it is: masks cut nothing out
 * @param effective those that kept weights take part in
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
