package io.espalier.trainer.model;

import io.espalier.masks.Mask;
import io.espalier.masks.MaskSet;
import io.espalier.trainer.network.Network;

/**
 * What a network costs, dense and under its masks.
 *
 * @param denseBytes 4 bytes for every value of every parameter, norm statistics included: the dense
 *     file without its header
 * @param sparseBytes 4 bytes for every value that is not pruned, and for each parameter in which
 *     something is pruned its mask at 8 units per byte, rounded up
 * @param macs multiply-accumulates per example that the network executes; as masks cut nothing out,
 *     those of the dense network
 * @param macsDense multiply-accumulates per example of the dense network
 * @param macsEffective multiply-accumulates per example that kept weights take part in
 */
public record Sizes(
    long denseBytes, long sparseBytes, long macs, long macsDense, long macsEffective) {

  public static Sizes of(Network network, MaskSet masks) {
    long values =
        network.parameters().stream().mapToLong(parameter -> parameter.shape().size()).sum();
    long maskBytes =
        masks.masks().stream()
            .filter(mask -> mask.pruned() > 0)
            .mapToLong(mask -> (mask.size() + 7L) / 8)
            .sum();
    long pruned = masks.masks().stream().mapToLong(Mask::pruned).sum();
    return new Sizes(
        values * Float.BYTES,
        (values - pruned) * Float.BYTES + maskBytes,
        network.macs(),
        network.macs(),
        network.macsEffective(
            id ->
                masks.isPrunable(id)
                    ? masks.mask(id).kept()
                    : network.parameter(id).orElseThrow().shape().size()));
  }
}
