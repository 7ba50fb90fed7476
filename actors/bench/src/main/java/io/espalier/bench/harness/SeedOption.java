package io.espalier.bench.harness;

import java.util.List;
import java.util.stream.LongStream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The option {@code --seeds}: how often a bench repeats its runs, each time with the next seed. */
public final class SeedOption {
  private static final long FIRST = 42;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(names = "--seeds", description = "Seeds of every run (default: ${DEFAULT-VALUE}).")
  private int seeds;

  /** Repeats {@code byDefault} times where the option is left out. */
  public SeedOption(int byDefault) {
    this.seeds = byDefault;
  }

  /**
   * Returns the seeds, from 42 on.
   *
   * @throws ParameterException if there is none
   */
  public List<Long> values() {
    if (seeds < 1) {
      throw new ParameterException(
          spec.commandLine(), "--seeds must be 1 or more: seeds=%d".formatted(seeds));
    }
    return LongStream.range(FIRST, FIRST + seeds).boxed().toList();
  }
}
