package io.espalier.trainer.network;

/**
 * How a layer uses its channels.
 *
 * @param mixes whether outputs depend on all inputs (of a group), so that both can be cut apart
 * @param inputUnit channels of the input that can only be cut together
 */
public record ChannelMixing(boolean mixes, int inputUnit, int outputUnit) {}
