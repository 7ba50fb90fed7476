package io.espalier.cli.inspect;

import io.espalier.console.CommandRefusedException;
import io.espalier.trainer.model.LoadedModel;
import io.espalier.trainer.model.ModelFile;
import io.espalier.trainer.model.StoredModel;
import io.espalier.trainer.model.TextGenerator;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "generate",
    description = {
      "Continues a text by a network that has learned one (data.kind = text).",
      "",
      "Each next token is drawn by its probability behind the tokens so far, of which the network"
          + " reads as many as it was trained on. The same arguments print the same text."
    },
    sortOptions = false)
final class GenerateCommand implements Callable<Integer> {
  private static final int MOST = 1_000_000;

  @Spec private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "DIR|FILE", description = "Run directory or model file.")
  private Path model;

  @Parameters(index = "1", paramLabel = "TEXT", description = "How the text begins.")
  private String text = "";

  @Option(
      names = "--length",
      paramLabel = "N",
      defaultValue = "300",
      description = "Tokens to add (default: 300).")
  private int length;

  @Option(
      names = "--temperature",
      paramLabel = "T",
      defaultValue = "0.8",
      description =
          "Above 1 draws improbable tokens more often, below 1 less (default: 0.8); 0 takes the most"
              + " probable one.")
  private double temperature;

  @Option(
      names = "--seed",
      paramLabel = "SEED",
      defaultValue = "1",
      description = "Another seed gives another text (default: 1).")
  private long seed;

  @Mixin private ExecutionOption execution;

  @Override
  public Integer call() throws IOException {
    if (length < 1 || length > MOST) {
      throw new CommandRefusedException(
          "--length must be from 1 to %d: length=%d".formatted(MOST, length));
    }
    if (!(temperature >= 0 && temperature <= 1000)) {
      throw new CommandRefusedException(
          "--temperature must be from 0 to 1000: temperature=" + temperature);
    }
    StoredModel stored = ModelFile.read(NamedFile.of(model).path());
    LoadedModel loaded = execution.load(stored, StoredNetworkFile.config(stored, List.of()));
    try {
      String added = TextGenerator.continued(loaded, text, length, temperature, seed);
      spec.commandLine().getOut().println(text + added);
    } catch (IllegalArgumentException e) {
      throw new CommandRefusedException(String.valueOf(e.getMessage()));
    }
    return ExitCode.OK;
  }
}
