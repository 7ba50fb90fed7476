package io.espalier.trainer.gauge;

/**
 * What reached a layer in one pass; height and width of a vector are 1.
 *
 * @param values row-major, {@code [batch, channels, height, width]}
 */
public record LayerInput(float[] values, int channels, int height, int width) {}
