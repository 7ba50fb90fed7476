package io.espalier.trainer.model;

import io.espalier.masks.MaskSet;
import io.espalier.trainer.network.Network;

/**
 * What a network costs to run: multiply-accumulates per example.
 *
 * @param executed as masks cut nothing out, those of the dense network
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
