package io.espalier.configs;

/**
 * When a run ends before its last step: once its accuracy, or the bits per character of a language
 * model, stay on a plateau.
 *
 * @param patience evaluations on the validation split in a row that gain too little
 * @param minGain least rise over the best accuracy so far, or least share of the fewest bits per
 *     character so far, that counts as a gain; 0 means any
 */
public record StopEarlyConfig(int patience, double minGain) {
  public StopEarlyConfig {
    new Rules()
        .require("patience", patience, patience >= 1, "1 or more")
        .require("min-gain", minGain, minGain >= 0 && minGain < 1, "at least 0% and below 100%")
        .verify();
  }
}
