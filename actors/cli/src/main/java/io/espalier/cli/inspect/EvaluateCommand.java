package io.espalier.cli.inspect;

import io.espalier.cli.console.JsonOutput;
import io.espalier.configs.DataConfig;
import io.espalier.configs.RunConfig;
import io.espalier.configs.file.EspalierHome;
import io.espalier.console.CommandHome;
import io.espalier.console.CommandRefusedException;
import io.espalier.trainer.data.Dataset;
import io.espalier.trainer.data.Examples;
import io.espalier.trainer.data.Normalization;
import io.espalier.trainer.data.TextEncoding;
import io.espalier.trainer.data.source.Datasets;
import io.espalier.trainer.data.source.InputFile;
import io.espalier.trainer.model.ClassAccuracies;
import io.espalier.trainer.model.LoadedModel;
import io.espalier.trainer.model.ModelFile;
import io.espalier.trainer.model.StoredModel;
import io.espalier.trainer.replica.Inference;
import io.espalier.trainer.sync.EvaluationPart;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "evaluate",
    description = {
      "Evaluates a stored network on the test set of the recipe that it was trained with.",
      "",
      "For a run directory the accuracy is that of its summary.json, to the last bit; a run of"
          + " train.execution = auto that became sparse needs --execution sparse for that.",
      "With --labels, a network is evaluated on all labelled rows of a file: --data-path. One that"
          + " was trained from a stream has no other test set. A row of a table is encoded as in the"
          + " training: the stored fills and categories are used. So is an image: size, fit and"
          + " colour are stored."
    })
final class EvaluateCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "DIR|FILE", description = "Run directory or model file.")
  private Path path;

  @Option(
      names = "--data-path",
      paramLabel = "PATH",
      description = "Where the data are, instead of where the recipe says (data.path).")
  private Optional<Path> dataPath = Optional.empty();

  @Option(
      names = "--labels",
      paramLabel = "COLUMN|FILE|folders",
      description =
          "Where the labels of that file are: a column of the CSV file (for a stream, default:"
              + " label), an IDX file, or the word folders if the path is a folder of images, each in"
              + " a folder named as its class. All rows are evaluated.")
  private Optional<String> labels = Optional.empty();

  @Option(
      names = "--per-class",
      description = "Also print the accuracy on the examples of each class, of 100 at most.")
  private boolean perClass;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Mixin private ExecutionOption execution;

  @Override
  public Integer call() throws IOException {
    StoredModel stored = ModelFile.read(NamedFile.of(path).path());
    boolean streamed =
        StoredNetwork.config(stored, List.of()).data().source() instanceof DataConfig.Kafka;
    if (streamed || labels.isPresent()) {
      return evaluateRows(stored);
    }
    RunConfig config = StoredNetwork.config(stored, pathOverride());
    LoadedModel model = execution.load(stored, config);
    Dataset dataset =
        Datasets.load(
            config.data(),
            config.seed(),
            CommandHome.data(EspalierHome.path(), spec.commandLine().getErr()),
            model.contract());
    warnIfOther(stored, dataset);
    print(stored, dataset.name(), "the test set of " + dataset.name(), evaluate(model, dataset));
    return ExitCode.OK;
  }

  private Integer evaluateRows(StoredModel stored) throws IOException {
    Path file =
        dataPath.orElseThrow(
            () ->
                new CommandRefusedException(
                    (labels.isPresent()
                            ? "labels must be those of a file"
                            : "a network that was trained from a stream must be given a file of"
                                + " labelled rows")
                        + ": --data-path FILE --labels COLUMN|FILE"));
    LoadedModel model = execution.load(stored, StoredNetwork.config(stored, List.of()));
    InputFile rows = new InputFile(file, "--data-path", labels.or(() -> Optional.of("label")));
    EvaluationPart result =
        LabelledRows.evaluate(
            model, rows, notice -> spec.commandLine().getErr().println("notice    " + notice));
    print(stored, file.toString(), file.toString(), result);
    return ExitCode.OK;
  }

  private void print(StoredModel stored, String data, String set, EvaluationPart result) {
    Optional<ClassAccuracies> classes = perClass ? classes(stored, result) : Optional.empty();
    spec.commandLine()
        .getOut()
        .println(
            json
                ? JsonOutput.text(facts(stored, data, result, classes))
                : String.format(
                    Locale.ROOT,
                    "accuracy %.2f %% (%,d of %,d), loss %.4f%s on %s",
                    100 * result.accuracy(),
                    result.correct(),
                    result.examples(),
                    result.loss(),
                    isText(stored)
                        ? String.format(Locale.ROOT, ", %.3f bits per character", result.bits())
                        : "",
                    set));
    if (!json) {
      classes.ifPresent(each -> spec.commandLine().getOut().println("\n" + ClassTable.text(each)));
    }
  }

  private static Optional<ClassAccuracies> classes(StoredModel stored, EvaluationPart result) {
    List<String> names = stored.description().classNames();
    if (names.size() > Inference.MOST_CONFUSED) {
      throw new CommandRefusedException(
          "--per-class counts %d classes at most: classes=%d; leave it away"
              .formatted(Inference.MOST_CONFUSED, names.size()));
    }
    return ClassAccuracies.of(names, result);
  }

  private List<String> pathOverride() {
    return dataPath.map(where -> "data.path=" + JsonOutput.text(where.toString())).stream()
        .toList();
  }

  private void warnIfOther(StoredModel stored, Dataset dataset) {
    if (!stored.description().dataDigest().equals(dataset.digest())) {
      spec.commandLine()
          .getErr()
          .println(
              "espalier: these are not the data of the run: another digest="
                  + dataset.digest()
                  + "; --labels evaluates all rows of a file, or images of a folder");
    }
  }

  private static EvaluationPart evaluate(LoadedModel model, Dataset dataset) {
    try {
      return model.evaluate(dataset);
    } catch (IllegalArgumentException e) {
      throw new CommandRefusedException(String.valueOf(e.getMessage()));
    }
  }

  private static boolean isText(StoredModel stored) {
    return stored.description().encoding().filter(TextEncoding.class::isInstance).isPresent();
  }

  private static Map<String, Object> facts(
      StoredModel stored, String data, EvaluationPart result, Optional<ClassAccuracies> classes) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("file", stored.path().toString());
    facts.put("data", data);
    facts.put("accuracy", result.accuracy());
    facts.put("loss", result.loss());
    if (isText(stored)) {
      facts.put("bitsPerCharacter", result.bits());
      facts.put("perplexity", result.perplexity());
    }
    facts.put("correct", result.correct());
    facts.put("examples", result.examples());
    facts.put("sparsity", stored.description().sparsity());
    classes.ifPresent(each -> facts.put("perClass", ClassTable.json(each)));
    return facts;
  }

  /** The labelled rows of a file as a test set, whatever its length. */
  static final class LabelledRows {
    private LabelledRows() {}

    static EvaluationPart evaluate(LoadedModel model, InputFile file, Consumer<String> notices)
        throws IOException {
      Normalization normalization = model.description().normalization();
      try (InputFile.Rows rows = file.open(model.contract())) {
        EvaluationPart whole = model.infer(inference -> evaluate(inference, rows, normalization));
        if (whole.examples() == 0) {
          throw file.problem("must hold a row");
        }
        rows.notices().forEach(notices);
        return whole;
      }
    }

    private static EvaluationPart evaluate(
        Inference inference, InputFile.Rows rows, Normalization normalization) {
      EvaluationPart sum = new EvaluationPart(0, 0, 0);
      for (Optional<Examples> next = rows.next(Inference.BATCH);
          next.isPresent();
          next = rows.next(Inference.BATCH)) {
        Examples batch = next.get().normalisedBy(normalization);
        int[] all = IntStream.range(0, batch.count()).toArray();
        EvaluationPart part = inference.evaluateClasses(batch, all, 0, 1);
        sum = EvaluationPart.merge(List.of(sum, part));
      }
      return sum;
    }
  }
}
