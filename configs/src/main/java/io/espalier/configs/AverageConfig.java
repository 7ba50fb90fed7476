package io.espalier.configs;

/**
 * An exponential moving average of the weights over the steps of a run, which is evaluated and
 * becomes the trained network.
 *
 * @param decay share of the average that a step leaves, once a run has taken many
 */
public record AverageConfig(double decay) {
  public AverageConfig {
    new Rules().require("decay", decay, decay > 0 && decay < 1, "above 0 and below 1").verify();
  }
}
