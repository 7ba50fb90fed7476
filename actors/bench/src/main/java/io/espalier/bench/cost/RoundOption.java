package io.espalier.bench.cost;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The option {@code --rounds}: how often contenders take turns for a figure. */
final class RoundOption {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(names = "--rounds", description = "Rounds per figure (default: ${DEFAULT-VALUE}).")
  private int rounds;

  /** Takes {@code byDefault} rounds where the option is left out. */
  RoundOption(int byDefault) {
    this.rounds = byDefault;
  }

  /**
   * Returns the number of rounds.
   *
   * @throws ParameterException if it is not positive
   */
  int count() {
    if (rounds < 1) {
      throw new ParameterException(
          spec.commandLine(), "--rounds must be 1 or more: rounds=%d".formatted(rounds));
    }
    return rounds;
  }
}
