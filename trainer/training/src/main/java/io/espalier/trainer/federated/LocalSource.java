package io.espalier.trainer.federated;

import io.espalier.configs.AugmentationConfig;
import io.espalier.configs.DataConfig;
import io.espalier.configs.InvalidConfigException;
import io.espalier.trainer.data.DataContract;
import io.espalier.trainer.data.Dataset;
import io.espalier.trainer.data.Examples;
import io.espalier.trainer.data.source.DataHome;
import io.espalier.trainer.data.source.Datasets;
import io.espalier.trainer.data.source.IdxFolder;
import io.espalier.trainer.data.source.IdxFolder.Role;
import io.espalier.trainer.data.source.InputFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

public sealed interface LocalSource {
  String DATA = "--data";

  /** Names of files that have labels. */
  String TABLE = ".*\\.[ct]sv(\\.gz)?|.*ubyte(\\.gz)?";

  Examples read(DataContract contract, long seed, DataHome home) throws IOException;

  static LocalSource of(String data, Optional<String> label, Optional<Path> labels) {
    Path path = Path.of(data);
    if (label.isPresent() && labels.isPresent()) {
      throw problem("must have either --label, for a CSV file, or --labels, for an IDX file", data);
    }
    if (label.isPresent()) {
      return new Table(path, label.get());
    }
    if (labels.isPresent()) {
      return new Images(path, labels.get());
    }
    if (Files.isDirectory(path)) {
      return new Folder(path);
    }
    if (Files.exists(path)) {
      Text text = new Text(path);
      if (data.toLowerCase(Locale.ROOT).matches(TABLE)) {
        throw text.unlabelled();
      }
      return text;
    }
    return Shipped.of(data)
        .orElseThrow(
            () ->
                problem(
                    "must be a file, a directory of IDX files or class folders, or a shipped data set: "
                        + String.join(", ", Shipped.NAMES),
                    data));
  }

  private static InvalidConfigException problem(String rule, String data) {
    return InvalidConfigException.of(DATA, rule + ": data=" + data);
  }

  record Table(Path path, String label) implements LocalSource {
    @Override
    public Examples read(DataContract contract, long seed, DataHome home) throws IOException {
      InputFile file = new InputFile(path, DATA, Optional.of(label));
      if (file.isIdx()) {
        throw file.problem(
            "must be a CSV file to have a column --label %s; it is an IDX file, whose labels --labels FILE names"
                .formatted(label));
      }
      return all(file, contract, home);
    }
  }

  record Images(Path path, Path labels) implements LocalSource {
    @Override
    public Examples read(DataContract contract, long seed, DataHome home) throws IOException {
      InputFile file = new InputFile(path, DATA, Optional.of(labels.toString()));
      if (!file.isIdx()) {
        throw file.problem(
            "must be an IDX file to have --labels %s; a CSV file has a column, which --label names"
                .formatted(labels));
      }
      return all(file, contract, home);
    }
  }

  /** A text whose next tokens are learned. */
  record Text(Path path) implements LocalSource {
    private InvalidConfigException unlabelled() {
      return problem(
          "must come with --label COLUMN if it is a CSV file, with --labels FILE if it is an IDX"
              + " file",
          path.toString());
    }

    @Override
    public Examples read(DataContract contract, long seed, DataHome home) throws IOException {
      if (!contract.continuesText()) {
        throw unlabelled();
      }
      return all(new InputFile(path, DATA, Optional.empty()), contract, home);
    }
  }

  /**
   * A directory of IDX files with MNIST's names, of class folders, or of files of one text; the
   * test set is not used.
   */
  record Folder(Path path) implements LocalSource {
    @Override
    public Examples read(DataContract contract, long seed, DataHome home) throws IOException {
      if (contract.continuesText()) {
        return new Text(path).read(contract, seed, home);
      }
      if (contract.images().isPresent() || contract.isText()) {
        return all(InputFile.ofClassFolders(path, DATA), contract, home);
      }
      IdxFolder folder = IdxFolder.of(path, DATA).required();
      return new Images(
              folder.file(Role.TRAIN_IMAGES).orElseThrow().path(),
              folder.file(Role.TRAIN_LABELS).orElseThrow().path())
          .read(contract, seed, home);
    }
  }

  /** The training examples of a public data set, unless the contract has another source. */
  record Shipped(DataConfig.Source source) implements LocalSource {
    private static final double TEST = .2;
    private static final List<DataConfig.Source> ALL =
        List.of(new DataConfig.FashionMnist(Optional.empty()), new DataConfig.Digits(TEST));
    private static final List<String> NAMES = ALL.stream().map(DataConfig.Source::kind).toList();

    private static Optional<LocalSource> of(String name) {
      return ALL.stream().filter(each -> each.kind().equals(name)).findFirst().map(Shipped::new);
    }

    @Override
    public Examples read(DataContract contract, long seed, DataHome home) {
      DataConfig config = new DataConfig(under(contract.source()), 1, 0, AugmentationConfig.NONE);
      Dataset dataset = Datasets.load(config, seed, home);
      if (!dataset.input().equals(contract.input()) || !contract.columns().isEmpty()) {
        throw problem(
            "must hold the network's inputs, %s: inputs=%s"
                .formatted(
                    contract.columns().isEmpty() ? contract.input() : contract.columns(),
                    dataset.input()),
            dataset.name());
      }
      List<String> strange = new ArrayList<>(dataset.classNames());
      strange.removeAll(contract.classNames());
      if (!strange.isEmpty()) {
        throw problem(
            "must have classes of the network, %s: others=%s"
                .formatted(contract.classNames(), strange),
            dataset.name());
      }
      return labelled(dataset, contract.classNames());
    }

    /** Uses the server's test split, but the client's own paths. */
    private DataConfig.Source under(DataConfig.Source other) {
      return source instanceof DataConfig.Digits && other instanceof DataConfig.Digits
          ? other
          : source;
    }

    private static Examples labelled(Dataset dataset, List<String> classes) {
      Examples train = dataset.train();
      int[] labels = new int[train.count()];
      for (int i = 0; i < labels.length; i++) {
        labels[i] = classes.indexOf(dataset.classNames().get(train.label(i)));
      }
      return train.labelled(labels);
    }
  }

  private static Examples all(InputFile file, DataContract contract, DataHome home)
      throws IOException {
    List<Examples> parts = new ArrayList<>();
    try (InputFile.Rows rows = file.open(contract)) {
      int most = 1000;
      for (Optional<Examples> part = rows.next(most); part.isPresent(); part = rows.next(most)) {
        parts.add(part.get());
      }
      rows.notices().forEach(home.listener()::noticed);
    }
    if (parts.isEmpty()) {
      throw file.problem("must hold an example or more: examples=0");
    }
    return Examples.joined(parts);
  }
}
