package io.espalier.trainer.network;

import io.espalier.masks.MaskSet;

/** Multiply-accumulates per example: of all weights executed, and of kept weights only. */
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
