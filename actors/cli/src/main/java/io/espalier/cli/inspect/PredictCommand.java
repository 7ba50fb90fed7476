package io.espalier.cli.inspect;

import io.espalier.cli.console.Candidates;
import io.espalier.cli.console.OutputPath;
import io.espalier.configs.file.AtomicFile;
import io.espalier.console.CommandRefusedException;
import io.espalier.trainer.data.Examples;
import io.espalier.trainer.data.source.InputFile;
import io.espalier.trainer.data.source.TextsToContinue;
import io.espalier.trainer.model.LoadedModel;
import io.espalier.trainer.model.ModelFile;
import io.espalier.trainer.model.Predictor;
import io.espalier.trainer.model.Predictor.Remarks;
import io.espalier.trainer.model.StoredModel;
import io.espalier.trainer.replica.Inference;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "predict",
    description = {
      "Predicts the labels of the rows of a file.",
      "",
      "INPUT is a CSV file with a header row, for a network that was trained on a table: it must"
          + " have the columns of that table, in any order, and may have others, or lack the label;"
          + " or an IDX file of images. Either may be gzipped. It is read in batches, so its"
          + " length does not matter.",
      "For a network that was trained on image files, INPUT is a PNG, JPEG or BMP file, or a"
          + " folder, of which all image files are taken, in the order of their paths. They become"
          + " inputs as in the training.",
      "For a network that was trained on labelled texts, INPUT is a CSV file (.csv or .tsv, or any"
          + " with --labels COLUMN) with the column of text of the training, else text; a text"
          + " file; or a folder, of which each file is a text. One that has learned the next tokens"
          + " of a text continues each text by its most probable tokens.",
      "Rows of a table are raw: text and gaps are encoded as in the training. A text that no"
          + " training row has counts as none of its column's categories; a notice says so.",
      "A file with an unreadable row gives no output: for the console it is read twice. An image of"
          + " a folder that cannot be read is named and left out; the others are predicted, and the"
          + " exit code is 1.",
      "",
      "Each row gets its number from 1, a file its path, then its label, or its continuation, and"
          + " the probability of that."
    },
    exitCodeList = {
      "0:done",
      "1:images were left out that cannot be read, or the command failed",
      "2:wrong usage, or input that cannot be read",
      "143:ended by SIGTERM"
    },
    sortOptions = false)
final class PredictCommand implements Callable<Integer> {
  private static final int MOST = 100_000;

  @Spec private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "DIR|FILE", description = "Run directory or model file.")
  private Path model;

  @Parameters(
      index = "1",
      paramLabel = "INPUT",
      description = "CSV or IDX file, image or text file, or folder of images or texts.")
  private Path input;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      completionCandidates = Candidates.PredictionFormats.class,
      defaultValue = "csv",
      description = "csv (default) or json: an array with one object a line.")
  private String format = "";

  @Option(
      names = {"-o", "--output"},
      paramLabel = "OUT",
      description = "File to write instead of the console.")
  private Optional<Path> out = Optional.empty();

  @Option(names = "--force", description = "Replace OUT if it exists.")
  private boolean force;

  @Option(
      names = "--top",
      paramLabel = "K",
      defaultValue = "1",
      description = "Name the K most probable labels of each row.")
  private int top;

  @Option(
      names = "--length",
      paramLabel = "N",
      defaultValue = "20",
      description = "Tokens to add to a text (default: 20), where texts are continued.")
  private int length;

  @Option(
      names = "--labels",
      paramLabel = "COLUMN|FILE|folders",
      description =
          "Where the true labels are, to print the accuracy as well: a column of the CSV file, an"
              + " IDX file, or the word folders if each file lies in a folder named as its class.")
  private Optional<String> labels = Optional.empty();

  @Mixin private ExecutionOption execution;

  @Override
  public Integer call() throws IOException {
    if (top < 1) {
      throw new CommandRefusedException("--top must be 1 or more: top=" + top);
    }
    if (length < 1 || length > MOST) {
      throw new CommandRefusedException(
          "--length must be from 1 to %d: length=%d".formatted(MOST, length));
    }
    StoredModel stored = ModelFile.read(NamedFile.of(model).path());
    LoadedModel loaded = execution.load(stored, StoredNetworkFile.config(stored, List.of()));
    InputFile rows = new InputFile(input, "INPUT", labels);
    PrintWriter console = spec.commandLine().getOut();
    if (out.isEmpty()) {
      PredictionWriter writer = writer(loaded, console);
      requireReadable(loaded, rows);
      Remarks remarks = predict(loaded, rows, writer);
      console.flush();
      writer.accuracy().ifPresent(spec.commandLine().getErr()::println);
      return said(remarks);
    }
    Path target = OutputPath.file(out.get(), force);
    if (Files.exists(target) && Files.exists(input) && Files.isSameFile(target, input)) {
      throw new CommandRefusedException("OUT must be another file than INPUT: file=" + target);
    }
    AtomicReference<PredictionWriter> written = new AtomicReference<>();
    AtomicReference<Remarks> remarks = new AtomicReference<>();
    AtomicFile.write(
        target,
        stream -> {
          PrintWriter file =
              new PrintWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8));
          PredictionWriter predictions = writer(loaded, file);
          remarks.set(predict(loaded, rows, predictions));
          written.set(predictions);
        });
    PredictionWriter writer = Objects.requireNonNull(written.get());
    console.println("%s  %,d rows".formatted(target, writer.rows()));
    writer.accuracy().ifPresent(console::println);
    return said(Objects.requireNonNull(remarks.get()));
  }

  /** Prints notices and refused images; returns the exit code. */
  private int said(Remarks remarks) {
    PrintWriter errors = spec.commandLine().getErr();
    remarks.notices().forEach(notice -> errors.println("notice    " + notice));
    if (remarks.refusals().isEmpty()) {
      return ExitCode.OK;
    }
    remarks.refusals().forEach(refusal -> errors.println("espalier: " + refusal));
    errors.println("espalier: these images were left out; the others are predicted");
    return ExitCode.SOFTWARE;
  }

  /** A file of predictions appears as a whole or not at all; what is printed stays. */
  private static void requireReadable(LoadedModel loaded, InputFile file) throws IOException {
    if (loaded.contract().continuesText()) {
      try (TextsToContinue texts = file.openTexts(loaded.contract())) {
        Optional<String> text = texts.next();
        while (text.isPresent()) {
          text = texts.next();
        }
      }
      return;
    }
    try (InputFile.Rows rows = file.openToPredict(loaded.contract())) {
      Optional<Examples> batch = rows.next(Inference.BATCH);
      while (batch.isPresent()) {
        batch = rows.next(Inference.BATCH);
      }
    }
  }

  private PredictionWriter writer(LoadedModel loaded, PrintWriter target) {
    if (top > 1 && loaded.contract().continuesText()) {
      throw new CommandRefusedException(
          "--top must be 1 for a network that continues texts: top=" + top);
    }
    int classes = Math.min(top, loaded.description().format().classNames().size());
    return PredictionWriter.of(format, target, classes, labels.isPresent())
        .naming(loaded.contract().continuesText() ? "continuation" : "label");
  }

  private Remarks predict(LoadedModel loaded, InputFile rows, PredictionWriter writer)
      throws IOException {
    writer.begin();
    if (loaded.contract().continuesText()) {
      Predictor.continueTexts(loaded, rows, length, writer);
      writer.end();
      return new Remarks(List.of(), List.of());
    }
    Remarks remarks = Predictor.predict(loaded, rows, top, writer);
    writer.end();
    return remarks;
  }
}
