package io.espalier.trainer.data.source;

import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.TextConfig.LabelledText;
import io.espalier.configs.TextConfig.TextColumns;
import io.espalier.trainer.data.DataContract;
import io.espalier.trainer.data.Examples;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Texts for a network that learned labelled ones: a CSV file, a text file, or all files below a
 * folder. Files have their path as a name. Not thread-safe.
 */
final class TextInput implements InputFile.Rows {
  private static final String COLUMN = "text";

  private final DataFile file;
  private final Texts texts;
  private final boolean labelled;
  private final List<String> classNames;
  private final TextEncoder encoder;
  private List<String> names = List.of();

  private TextInput(DataFile file, Texts texts, boolean labelled, DataContract contract) {
    this.file = file;
    this.texts = texts;
    this.labelled = labelled;
    this.classNames = contract.classNames();
    this.encoder = new TextEncoder(contract.text());
  }

  static TextInput open(DataFile file, Optional<String> labels, DataContract contract)
      throws IOException {
    return new TextInput(file, texts(file, labels, contract), labels.isPresent(), contract);
  }

  /** The texts of a path; a label of a row is that of the column {@code labels}. */
  static Texts texts(DataFile file, Optional<String> labels, DataContract contract)
      throws IOException {
    boolean ofFolders = labels.filter(ImageInput.FOLDERS::equals).isPresent();
    if (Files.isDirectory(file.path())) {
      if (labels.isPresent() && !ofFolders) {
        throw InvalidConfigException.of(
            "--labels",
            "labels of files must be in the names of their folders: labels=%s; give --labels %s"
                .formatted(labels.get(), ImageInput.FOLDERS));
      }
      return Texts.ofFiles(file.key(), filesBelow(file));
    }
    if (isTable(file.path()) || (labels.isPresent() && !ofFolders)) {
      return Texts.ofRows(file, InputFile.content(file), columns(contract, labels));
    }
    return Texts.ofFiles(file.key(), List.of(file.path()));
  }

  private static List<Path> filesBelow(DataFile folder) {
    List<Path> files = ImageFiles.allBelow(folder, Files::isRegularFile);
    if (files.isEmpty()) {
      throw folder.problem("must hold a text file: files=0");
    }
    return files;
  }

  private static boolean isTable(Path path) {
    return ImageFiles.nameOf(path).toLowerCase(Locale.ROOT).matches(".*\\.[ct]sv(\\.gz)?");
  }

  private static TextColumns columns(DataContract contract, Optional<String> labels) {
    Optional<TextColumns> trained =
        contract.source() instanceof LabelledText source ? source.columns() : Optional.empty();
    return new TextColumns(
        trained.map(TextColumns::text).orElse(COLUMN),
        labels.orElse(""),
        trained.flatMap(TextColumns::separator));
  }

  @Override
  public Optional<Examples> next(int most) {
    List<String> batch = new ArrayList<>();
    List<String> paths = new ArrayList<>();
    int[] labels = new int[most];
    while (batch.size() < most) {
      Optional<Texts.Text> text = texts.next();
      if (text.isEmpty()) {
        break;
      }
      labels[batch.size()] = labelled ? label(text.get().label().orElseThrow()) : 0;
      batch.add(text.get().text());
      text.get().name().ifPresent(paths::add);
    }
    names = List.copyOf(paths);
    return batch.isEmpty()
        ? Optional.empty()
        : Optional.of(encoder.encode(file, batch, Arrays.copyOf(labels, batch.size())));
  }

  private int label(String label) {
    int index = classNames.indexOf(label);
    if (index < 0) {
      throw texts.problem(
          "must have a class of the network as its label: label='%s', classes=%s"
              .formatted(label, classNames));
    }
    return index;
  }

  @Override
  public List<String> names() {
    return names;
  }

  @Override
  public List<String> notices() {
    return encoder.notices();
  }

  @Override
  public void close() throws IOException {
    texts.close();
  }
}
