package io.espalier.cli.inspect;

import io.espalier.cli.console.JsonOutput;
import io.espalier.configs.Metric;
import io.espalier.configs.RunConfig;
import io.espalier.console.CommandRefusedException;
import io.espalier.trainer.data.Dataset;
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
          + " was trained from a stream has no other test set. A row of a table is encoded as in"
          + " the training: the stored fills and categories are used. So is an image: size, fit and"
          + " colour are stored.",
      "A network of the next tokens of a text is evaluated on all of another text: --data-path"
          + " alone. Its vocabulary must have the characters."
    })
final class EvaluateCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "DIR|FILE", description = "Run directory or model file.")
  private Path path;

  @Mixin private DataOptions data;

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
    RunConfig config = data.config(stored);
    if (data.areRows(stored)) {
      return evaluateRows(stored, config);
    }
    LoadedModel model = execution.load(stored, config);
    Dataset dataset = data.load(model, config, spec.commandLine().getErr());
    EvaluationPart result = evaluate(model, dataset);
    print(stored, dataset.name(), data.set(dataset), dataset.metric(), result);
    return ExitCode.OK;
  }

  private Integer evaluateRows(StoredModel stored, RunConfig config) throws IOException {
    InputFile rows = data.rows();
    LoadedModel model = execution.load(stored, config);
    EvaluationPart result =
        LabelledRows.evaluate(model, rows, LabelledRows.notices(spec.commandLine().getErr()));
    String file = rows.path().toString();
    print(stored, file, file, DataOptions.metricOfRows(config), result);
    return ExitCode.OK;
  }

  private void print(
      StoredModel stored, String source, String set, Metric metric, EvaluationPart result) {
    Optional<ClassAccuracies> classes = perClass ? classes(stored, result) : Optional.empty();
    spec.commandLine()
        .getOut()
        .println(
            json
                ? JsonOutput.text(facts(stored, source, metric, result, classes))
                : text(metric, result) + " on " + set);
    if (!json) {
      classes.ifPresent(each -> spec.commandLine().getOut().println("\n" + ClassTable.text(each)));
    }
  }

  private static String text(Metric metric, EvaluationPart result) {
    String right =
        String.format(
            Locale.ROOT,
            "%.2f %% (%,d of %,d), loss %.4f",
            100 * result.accuracy(),
            result.correct(),
            result.examples(),
            result.loss());
    return metric.bits(result.loss()).isPresent()
        ? String.format(
            Locale.ROOT,
            "next token right %s, perplexity %.3f, %s",
            right,
            result.perplexity(),
            metric.text(result.accuracy(), result.loss()))
        : "accuracy " + right;
  }

  private static Optional<ClassAccuracies> classes(StoredModel stored, EvaluationPart result) {
    List<String> names = stored.description().format().classNames();
    if (names.size() > Inference.MOST_CONFUSED) {
      throw new CommandRefusedException(
          "--per-class counts %d classes at most: classes=%d; leave it away"
              .formatted(Inference.MOST_CONFUSED, names.size()));
    }
    return ClassAccuracies.of(names, result);
  }

  private static EvaluationPart evaluate(LoadedModel model, Dataset dataset) {
    try {
      return model.evaluate(dataset);
    } catch (IllegalArgumentException e) {
      throw new CommandRefusedException(String.valueOf(e.getMessage()));
    }
  }

  private static Map<String, Object> facts(
      StoredModel stored,
      String data,
      Metric metric,
      EvaluationPart result,
      Optional<ClassAccuracies> classes) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("file", stored.path().toString());
    facts.put("data", data);
    facts.put("accuracy", result.accuracy());
    facts.put("loss", result.loss());
    metric
        .bits(result.loss())
        .ifPresent(
            bits -> {
              facts.put("bitsPerCharacter", bits);
              facts.put("perplexity", result.perplexity());
            });
    facts.put("correct", result.correct());
    facts.put("examples", result.examples());
    facts.put("sparsity", stored.description().sparsity());
    classes.ifPresent(each -> facts.put("perClass", ClassTable.json(each)));
    return facts;
  }
}
