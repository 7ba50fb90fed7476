package io.espalier.trainer.data.source;

import io.espalier.configs.DataConfig.TestSet;
import io.espalier.configs.TextConfig;
import io.espalier.configs.TextConfig.TextColumns;
import io.espalier.trainer.data.DataContract;
import io.espalier.trainer.data.Dataset;
import io.espalier.trainer.data.Examples;
import io.espalier.trainer.data.TextEncoding;
import io.espalier.trainer.data.text.Tokens;
import io.espalier.trainer.file.HeapRoom;
import io.espalier.trainer.file.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Labelled texts of a CSV file, of class folders, or of the bundled text as a data set. */
final class LabelledTextData {
  /** Memory that a text takes beside its characters, with its label. */
  private static final int OBJECT_BYTES = 64;

  private static final Path BUNDLED = Path.of("the bundled text");

  private final TextConfig.LabelledText source;
  private final long seed;
  private final DataHome home;
  private final Optional<DataContract> contract;
  private final DataFile place;
  private final HeapRoom room = HeapRoom.ofProcess();
  private final List<String> texts = new ArrayList<>();
  private final MessageDigest digest = Sha256.begin();

  private LabelledTextData(
      TextConfig.LabelledText source, long seed, DataHome home, Optional<DataContract> contract) {
    this.source = source;
    this.seed = seed;
    this.home = home;
    this.contract = contract;
    this.place = new DataFile(source.path().orElse(BUNDLED), "data.path");
  }

  static Dataset load(TextConfig.LabelledText source, long seed, DataHome home) {
    return new LabelledTextData(source, seed, home, Optional.empty()).load();
  }

  /** Reads the same source for a network that is trained: in its encoding, with its classes. */
  static Dataset load(
      TextConfig.LabelledText source, long seed, DataHome home, DataContract contract) {
    return new LabelledTextData(source, seed, home, Optional.of(contract)).load();
  }

  private Dataset load() {
    if (source.path().isEmpty()) {
      return ofVerses();
    }
    return source.columns().map(this::ofRows).orElseGet(this::ofFolders);
  }

  private Dataset ofVerses() {
    CsvLabels labels = new CsvLabels(place.path(), "book");
    List<String> verses = TextFiles.verses();
    for (int i = 0; i < verses.size(); i++) {
      add(verses.get(i));
      labels.add(i < TextFiles.GENESIS ? "Genesis" : "Exodus");
    }
    return ofLabels(labels, labels.count());
  }

  private Dataset ofRows(TextColumns columns) {
    CsvLabels labels = new CsvLabels(place.path(), columns.label());
    addRows(place, columns, labels);
    int first = labels.count();
    if (source.test() instanceof TestSet.File test) {
      addRows(new DataFile(test.path(), "data.test-path"), columns, labels);
    }
    return ofLabels(labels, first);
  }

  private Dataset ofLabels(CsvLabels labels, int first) {
    List<String> names =
        contract.map(DataContract::classNames).orElseGet(() -> labels.classes().names());
    int[] classes = labels.indices(names);
    return encoded(names, classes, split(classes, names, first, "texts"));
  }

  private void addRows(DataFile file, TextColumns columns, CsvLabels labels) {
    int before = texts.size();
    try (InputStream in = InputFile.content(file);
        Texts rows = Texts.ofRows(file, in, columns)) {
      for (Optional<Texts.Text> row = rows.next(); row.isPresent(); row = rows.next()) {
        add(row.get().text());
        labels.add(row.get().label().orElseThrow());
      }
    } catch (IOException e) {
      throw CsvFile.unreadable(file, e);
    }
    if (texts.size() == before) {
      throw file.problem("must have a row below its header: rows=0");
    }
  }

  private void add(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (!room.take(OBJECT_BYTES + bytes.length)) {
      throw place.problem(
          "must have texts that fit into half of the Java heap: texts=%d, half of the heap=%d MB; %s, or take fewer texts"
              .formatted(texts.size() + 1, room.megabytes(), HeapRoom.MORE));
    }
    texts.add(text);
    digest.update(bytes);
    digest.update((byte) 0);
  }

  private Dataset ofFolders() {
    if (Files.isRegularFile(place.path())) {
      throw place.problem(
          "must be a directory with one folder of texts per class, or a CSV file whose columns"
              + " data.text and data.label name");
    }
    ClassFolders folders = ClassFolders.of(place, ClassFolders.TEXTS);
    folders.notice().ifPresent(home.listener()::noticed);
    List<String> names =
        contract.isPresent() ? known(folders, contract.get()) : folders.required().classNames();
    int first = folders.trainFiles().size();
    List<Path> files = new ArrayList<>(folders.trainFiles());
    files.addAll(folders.testFiles());
    Texts each = Texts.ofFiles(place.key(), files);
    for (Optional<Texts.Text> text = each.next(); text.isPresent(); text = each.next()) {
      add(text.get().text());
    }
    int[] classes = folders.labels(names);
    return encoded(names, classes, split(classes, names, first, "texts"));
  }

  private static List<String> known(ClassFolders folders, DataContract contract) {
    folders.requiredOf(contract.classNames());
    return contract.classNames();
  }

  /** The texts behind {@code first} if there are any, else a share of all. */
  private TestSplit split(int[] classes, List<String> names, int first, String unit) {
    return first < classes.length
        ? TestSplit.behind(classes, first)
        : TestSplit.of(classes, share(), seed)
            .required(new DataFile(place.path(), "data.test"), unit, names);
  }

  private double share() {
    return source.test() instanceof TestSet.Share test ? test.share() : 0;
  }

  private Dataset encoded(List<String> names, int[] classes, TestSplit split) {
    TextEncoding encoding =
        contract.map(DataContract::text).orElseGet(() -> learned(split.train()));
    TextEncoder encoder = new TextEncoder(encoding);
    Examples all = encoder.encode(place, texts, classes);
    encoder.notices().forEach(notice -> home.listener().noticed(place.path() + ": " + notice));
    digest.update(Arrays.toString(classes).getBytes(StandardCharsets.UTF_8));
    digest.update(String.join("\0", names).getBytes(StandardCharsets.UTF_8));
    return Dataset.ofLabelledText(
        source.kind(),
        all.select(split.train()),
        all.select(split.test()),
        encoding,
        names,
        Sha256.hex(digest));
  }

  /** The encoding by the characters of training texts, or by what the recipe names. */
  private TextEncoding learned(int[] training) {
    Tokens tokens =
        Vocabularies.of(
            source.vocabulary(),
            () -> IntStream.of(training).mapToObj(texts::get).collect(Collectors.joining()),
            true);
    return new TextEncoding(tokens, source.context(), true);
  }
}
