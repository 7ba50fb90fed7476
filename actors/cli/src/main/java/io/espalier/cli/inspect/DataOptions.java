package io.espalier.cli.inspect;

import io.espalier.cli.console.JsonOutput;
import io.espalier.configs.DataConfig;
import io.espalier.configs.KafkaConfig;
import io.espalier.configs.Metric;
import io.espalier.configs.RunConfig;
import io.espalier.configs.TextConfig;
import io.espalier.configs.file.EspalierHome;
import io.espalier.console.CommandHome;
import io.espalier.console.CommandRefusedException;
import io.espalier.trainer.data.Dataset;
import io.espalier.trainer.data.source.Datasets;
import io.espalier.trainer.data.source.InputFile;
import io.espalier.trainer.model.LoadedModel;
import io.espalier.trainer.model.StoredModel;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The labelled data that a stored network is run on: its recipe's, or all rows of a file. */
final class DataOptions {
  @Option(
      names = "--data-path",
      paramLabel = "PATH",
      description =
          "Where the data are, instead of where the recipe says (data.path). Other data are split"
              + " as the recipe does; all of another text is taken.")
  private Optional<Path> dataPath = Optional.empty();

  @Option(
      names = "--labels",
      paramLabel = "COLUMN|FILE|folders",
      description =
          "Where the labels of that file are: a column of the CSV file (for a stream, default:"
              + " label), an IDX file, or the word folders if the path is a folder of images, each"
              + " in a folder named as its class. All rows are evaluated.")
  private Optional<String> labels = Optional.empty();

  /** Whether the data are the rows of a file, as those of a stream must be. */
  boolean areRows(StoredModel stored) {
    DataConfig.Source source = StoredNetworkFile.config(stored, List.of()).data().source();
    if (labels.isPresent() && source instanceof TextConfig.Text) {
      throw new CommandRefusedException(
          "--labels must be left away for a network of the next tokens of a text: --labels=%s; --data-path FILE alone takes all of another text"
              .formatted(labels.get()));
    }
    return labels.isPresent() || source instanceof KafkaConfig;
  }

  /** The metric of rows: for a stream the one that its recipe declares. */
  static Metric metricOfRows(RunConfig config) {
    return config.data().source() instanceof KafkaConfig kafka ? kafka.metric() : Metric.ACCURACY;
  }

  /** The recipe of the network, with the path of these data. */
  RunConfig config(StoredModel stored) {
    List<String> path =
        areRows(stored)
            ? List.of()
            : dataPath.map(where -> "data.path=" + JsonOutput.text(where.toString())).stream()
                .toList();
    return StoredNetworkFile.config(stored, path);
  }

  /** The name of a data set of {@link #load}. */
  String set(Dataset loaded) {
    return dataPath.filter(path -> path.toString().equals(loaded.name())).isPresent()
        ? "all of " + loaded.name()
        : "the test set of " + loaded.name();
  }

  /** The file of rows; throws {@link CommandRefusedException} if none is named. */
  InputFile rows() {
    Path file =
        dataPath.orElseThrow(
            () ->
                new CommandRefusedException(
                    (labels.isPresent()
                            ? "labels must be those of a file"
                            : "a network that was trained from a stream must be given a file of"
                                + " labelled rows")
                        + ": --data-path FILE --labels COLUMN|FILE"));
    return new InputFile(file, "--data-path", labels.or(() -> Optional.of("label")));
  }

  /**
   * Loads the data of the recipe; says so on {@code errors} if they are not those of the run. Of
   * another text it takes all, under its path.
   */
  Dataset load(LoadedModel model, RunConfig config, PrintWriter errors) {
    if (dataPath.isPresent() && config.data().source() instanceof TextConfig.Text text) {
      Dataset whole = Datasets.whole(text, model.contract(), dataPath.get().toString());
      if (!model.description().origin().dataDigest().equals(whole.digest())) {
        return whole;
      }
    }
    Dataset dataset =
        Datasets.load(
            config.data(),
            config.seed(),
            CommandHome.data(EspalierHome.path(), errors),
            model.contract());
    if (!model.description().origin().dataDigest().equals(dataset.digest())) {
      errors.println(
          "espalier: these are not the data of the run: another digest="
              + dataset.digest()
              + "; --labels takes all rows of a file, or images of a folder");
    }
    return dataset;
  }
}
