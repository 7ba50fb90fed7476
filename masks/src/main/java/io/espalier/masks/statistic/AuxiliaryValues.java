package io.espalier.masks.statistic;

import java.util.Optional;

/**
 * The averaged values that the mask kind has beside each weight, one array per weight. Nothing is
 * measured for them.
 *
 * @param parameter name of the auxiliary parameter; a score reads those of one value per unit
 */
public record AuxiliaryValues(String parameter) implements Statistic {
  public static StatisticRequest of(String parameter) {
    return StatisticRequest.of(new AuxiliaryValues(parameter), 1);
  }

  @Override
  public Optional<String> auxiliary() {
    return Optional.of(parameter);
  }

  @Override
  public String observer() {
    return "none";
  }

  @Override
  public Merge merge() {
    return Merge.MEAN;
  }
}
