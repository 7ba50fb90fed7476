package io.espalier.cli.train;

import io.espalier.cli.console.RunOptions;
import io.espalier.training.run.RunBranch.Extension;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options that train a finished run on. */
final class ExtensionOptions {
  private static final Pattern EPOCHS = Pattern.compile("([1-9]\\d{0,5})(\\s*epochs?)?");

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--extend",
      paramLabel = "EPOCHS",
      description =
          "With --resume: train the finished run in DIR on as a new run, such as --extend \"5"
              + " epochs\", with its final masks and at a constant rate in place of its own.")
  private Optional<String> extend = Optional.empty();

  @Option(
      names = "--learning-rate",
      paramLabel = "RATE",
      description = "With --extend: its rate (default: a tenth of the run's initial one).")
  private Optional<Double> learningRate = Optional.empty();

  boolean isGiven() {
    return extend.isPresent();
  }

  /** Refuses options that do not go together. */
  void check(RunOptions options) {
    if (extend.isPresent() && options.resumed().isEmpty()) {
      throw refused("--extend needs a finished run: --resume DIR --extend EPOCHS");
    }
    if (learningRate.isPresent() && extend.isEmpty()) {
      throw refused(
          "--learning-rate goes with --extend; for another run, -D train.learning-rate sets it");
    }
  }

  Extension read() {
    Matcher epochs = EPOCHS.matcher(extend.orElseThrow().strip());
    if (!epochs.matches()) {
      throw refused(
          "--extend must be whole epochs, such as \"5 epochs\": --extend=" + extend.get());
    }
    return new Extension(Integer.parseInt(epochs.group(1)), learningRate);
  }

  private ParameterException refused(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
